-- The bodies of neighbouring entries, as the outbox holds them now.
SELECT seq, event_id, body, leaf_hash
FROM audit_entry LEFT JOIN audit_outbox USING (event_id)
WHERE log_id = %(log_id)s AND seq >= %(first)s AND seq < %(beyond)s
ORDER BY seq
