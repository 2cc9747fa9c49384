-- The first key of a device, with its audit event; a key that is known stays.
WITH enrolled AS (
    INSERT INTO device_key (device_id, public_key)
    VALUES (%(device_id)s, %(public_key)s)
    ON CONFLICT (device_id) DO NOTHING
    RETURNING device_id
)
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
SELECT %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
FROM enrolled
