-- Where a damage stands now.
SELECT state FROM damage WHERE damage_id = %(damage_id)s
