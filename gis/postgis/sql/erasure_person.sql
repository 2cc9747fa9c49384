-- The person, with account and sessions.
DELETE FROM person WHERE person_id = %(person_id)s RETURNING person_id::text
