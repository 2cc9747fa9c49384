-- One damage.
SELECT * FROM damage_report WHERE damage_id = %(damage_id)s
