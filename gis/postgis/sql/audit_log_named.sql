-- One log, by its origin.
SELECT log_id, origin, vkey FROM audit_log WHERE origin = %(origin)s
