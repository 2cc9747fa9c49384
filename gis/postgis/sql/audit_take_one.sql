-- Move one waiting event into the log: the log's own first or last word.
WITH taken AS (
    DELETE FROM audit_pending WHERE event_id = %(event_id)s RETURNING event_id
)
INSERT INTO audit_entry (log_id, seq, event_id, leaf_hash)
SELECT %(log_id)s, %(size)s, event_id, sha256('\x00'::bytea || body)
FROM taken LEFT JOIN audit_outbox USING (event_id)
RETURNING seq, leaf_hash
