-- Wrong passwords in a row, and until when they lock the account.
UPDATE break_glass_account SET failures = %(failures)s, locked_until = %(locked_until)s
WHERE person_id = %(person_id)s
