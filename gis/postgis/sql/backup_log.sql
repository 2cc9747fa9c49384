-- Where each log stands: name and last signed checkpoint.
SELECT DISTINCT ON (log_id) origin, size, note
FROM audit_log JOIN audit_checkpoint USING (log_id)
ORDER BY log_id, size DESC
