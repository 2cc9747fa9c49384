-- Forget a device's key, with its audit event.
WITH forgotten AS (
    DELETE FROM device_key WHERE device_id = %(device_id)s RETURNING device_id
)
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
SELECT %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
FROM forgotten
