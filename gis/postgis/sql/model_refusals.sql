-- Refused approvals of a model, newest first.
SELECT event_id, recorded_at, convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'reason' AS reason
FROM audit_outbox
WHERE subject_kind = 'model' AND subject_id = %(model_sha256)s AND kind = 'model.refused'
ORDER BY event_id DESC LIMIT 20
