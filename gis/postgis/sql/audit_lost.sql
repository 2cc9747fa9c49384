-- Events of the outbox that are neither in a log nor waiting for one.
SELECT event_id FROM audit_outbox
WHERE NOT EXISTS (SELECT FROM audit_entry WHERE audit_entry.event_id = audit_outbox.event_id)
    AND NOT EXISTS (SELECT FROM audit_pending WHERE audit_pending.event_id = audit_outbox.event_id)
ORDER BY event_id LIMIT 10
