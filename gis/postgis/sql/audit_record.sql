-- One audit event, always inside the transaction of its effect.
INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
VALUES (
    %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
)
