-- Put damages into the order by their current verdict. Keys and a trigger refuse every damage
-- whose current verdict is not a person's "confirmed".
INSERT INTO work_order_damage (work_order_id, damage_id, verdict_id)
SELECT %(work_order_id)s, damage_id, current_verdict_id
FROM damage WHERE damage_id = ANY (%(damage_ids)s)
ORDER BY damage_id
