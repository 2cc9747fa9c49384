-- The last signed checkpoint of the open log, as published.
SELECT audit_log.origin, audit_checkpoint.size, audit_checkpoint.note, audit_checkpoint.signed_at
FROM audit_checkpoint JOIN audit_log USING (log_id)
ORDER BY audit_log.log_id DESC, audit_checkpoint.size DESC
LIMIT 1
