-- How many damages the filters of `damage_list` leave.
SELECT count(*) FROM damage
WHERE
    (%(state)s::text IS NULL OR state = %(state)s::text)
    AND (%(damage_class)s::text IS NULL OR damage_class = %(damage_class)s::text)
    AND (%(district_id)s::text IS NULL OR district_id = %(district_id)s::text)
