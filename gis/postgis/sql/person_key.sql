-- A person's key of a year.
SELECT key FROM person_key WHERE person_id = %(person_id)s AND year = %(year)s
