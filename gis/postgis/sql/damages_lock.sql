-- Damages a person is about to decide on, locked in ascending order.
SELECT damage_id, state, current_verdict_id, work_order_id, model_sha256
FROM damage WHERE damage_id = ANY (%(damage_ids)s) ORDER BY damage_id FOR UPDATE
