-- A picture for a person's eyes, unless it is withheld; nobody sees one without an audit event.
WITH opened AS (SELECT sha256, jpeg FROM picture WHERE sha256 = %(sha256)s AND NOT is_withheld),
told AS (
    INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
    SELECT
        %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
    FROM opened
)
SELECT jpeg FROM opened
