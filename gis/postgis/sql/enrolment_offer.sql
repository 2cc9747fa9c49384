-- A one-time code for a device, with its audit event.
WITH offered AS (
    INSERT INTO device_enrolment (code_sha256, device_id, expires_at)
    VALUES (%(code_sha256)s, %(device_id)s, %(expires_at)s)
    RETURNING device_id
)
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
SELECT %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
FROM offered
