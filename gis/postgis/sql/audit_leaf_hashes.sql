-- The leaf hashes of neighbouring entries.
SELECT leaf_hash FROM audit_entry
WHERE log_id = %(log_id)s AND seq >= %(first)s AND seq < %(beyond)s
ORDER BY seq
