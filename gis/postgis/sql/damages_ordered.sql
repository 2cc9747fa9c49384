-- The damages of a new order are ordered.
UPDATE damage SET state = 'ordered', work_order_id = %(work_order_id)s
WHERE damage_id = ANY (%(damage_ids)s)
