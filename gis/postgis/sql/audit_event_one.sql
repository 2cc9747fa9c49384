-- One event as it is stored, and where it stands in the log.
SELECT body, recorded_at, origin, seq
FROM audit_outbox
LEFT JOIN audit_entry USING (event_id)
LEFT JOIN audit_log USING (log_id)
WHERE event_id = %(event_id)s
