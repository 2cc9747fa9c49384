-- A picture with its audit event; the same picture again changes nothing.
WITH stored AS (
    INSERT INTO picture (sha256, jpeg, width_px, height_px)
    VALUES (%(sha256)s, %(jpeg)s, %(width_px)s, %(height_px)s)
    ON CONFLICT (sha256) DO NOTHING
    RETURNING sha256
)
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
SELECT %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
FROM stored
