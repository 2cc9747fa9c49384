-- Lock the matched damages in ascending order, as work orders do, so that nobody waits in a circle.
SELECT FROM damage WHERE damage_id = ANY (%(damage_ids)s::bigint[]) ORDER BY damage_id FOR UPDATE
