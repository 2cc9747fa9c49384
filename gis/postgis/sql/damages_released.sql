-- The damages of a cancelled order are confirmed again: the verdict still stands.
UPDATE damage SET state = 'confirmed', work_order_id = NULL
WHERE damage_id = ANY (%(damage_ids)s)
