-- Revoke a device's key, with its audit event; it is never taken again.
WITH forgotten AS (
    DELETE FROM device_key WHERE device_id = %(device_id)s RETURNING device_id, public_key
),
revoked AS (
    INSERT INTO revoked_device_key (public_key, device_id)
    SELECT public_key, device_id FROM forgotten
    ON CONFLICT (public_key) DO NOTHING
)
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
SELECT %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
FROM forgotten
