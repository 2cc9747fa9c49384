-- Work orders with their damages, newest first; NULL filters nothing.
SELECT
    work_order.*,
    ARRAY(
        SELECT damage_id FROM work_order_damage
        WHERE work_order_damage.work_order_id = work_order.work_order_id ORDER BY damage_id
    ) AS damage_ids
FROM work_order
WHERE
    (%(state)s::text IS NULL OR state = %(state)s::text)
    AND (%(work_order_id)s::bigint IS NULL OR work_order_id = %(work_order_id)s::bigint)
ORDER BY created_at DESC, work_order_id DESC
LIMIT 500
