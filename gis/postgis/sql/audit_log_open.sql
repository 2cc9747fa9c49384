-- The log that is open: the last one begun.
SELECT log_id, origin, vkey FROM audit_log ORDER BY log_id DESC LIMIT 1
