-- A person's key of a year, unless there is one already.
INSERT INTO person_key (person_id, year, key) VALUES (%(person_id)s, %(year)s, %(key)s)
ON CONFLICT DO NOTHING
