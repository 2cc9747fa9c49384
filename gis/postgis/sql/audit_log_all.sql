-- Every log, the oldest first.
SELECT log_id, origin, vkey FROM audit_log ORDER BY log_id
