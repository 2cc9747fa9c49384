-- A heartbeat with its audit event; the same heartbeat again changes nothing.
WITH stored AS (
    INSERT INTO heartbeat (heartbeat_id, device_id, sent_at, body)
    VALUES (%(heartbeat_id)s, %(device_id)s, %(sent_at)s, %(body)s::jsonb)
    ON CONFLICT (heartbeat_id) DO NOTHING
    RETURNING heartbeat_id
)
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
SELECT %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
FROM stored
