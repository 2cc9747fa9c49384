-- Where an event lies in the log, and its body.
SELECT log_id, origin, vkey, seq, body
FROM audit_entry JOIN audit_log USING (log_id) JOIN audit_outbox USING (event_id)
WHERE event_id = %(event_id)s
