-- Work orders without the event of their creation, or of their end.
SELECT work_order_id::text FROM work_order
WHERE EXISTS (
    SELECT FROM unnest(
        ARRAY['work_order.created']
        || CASE state WHEN 'open' THEN '{}' ELSE ARRAY['work_order.' || state] END
    ) AS needed (kind)
    WHERE NOT EXISTS (
        SELECT FROM audit_outbox
        WHERE subject_kind = 'work_order' AND subject_id = work_order_id::text
            AND audit_outbox.kind = needed.kind
    )
)
ORDER BY work_order_id LIMIT 10
