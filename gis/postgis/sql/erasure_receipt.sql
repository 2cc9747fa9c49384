-- What the log says of one erasure.
SELECT event_id, convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'digest' FROM audit_outbox
WHERE subject_kind = 'erasure' AND subject_id = %(erasure_id)s AND kind = 'erasure.done'
