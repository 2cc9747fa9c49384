-- A withheld picture for the person who answers; nobody sees one without an audit event.
WITH opened AS (
    SELECT picture.jpeg FROM judging JOIN picture ON picture.sha256 = judging.picture_sha256
    WHERE judging.judging_id = %(judging_id)s AND judging.outcome = 'alarm'
),
told AS (
    INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
    SELECT
        %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
    FROM opened
)
SELECT jpeg FROM opened
