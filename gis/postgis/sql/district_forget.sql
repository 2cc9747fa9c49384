-- Districts the new city folder no longer has.
DELETE FROM district WHERE district_id <> ALL (%(district_ids)s::text[])
