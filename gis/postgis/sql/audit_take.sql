-- Move up to `at_most` waiting events into the log, in their order; their hashes come back. An event
-- that waits without being in the outbox has no hash and stops the log: no event may vanish.
WITH taken AS (
    DELETE FROM audit_pending
    WHERE pending_id = ANY (ARRAY(
        SELECT pending_id FROM audit_pending ORDER BY pending_id LIMIT %(at_most)s
    ))
    RETURNING pending_id, event_id
),
numbered AS (
    SELECT
        %(size)s::bigint + row_number() OVER (ORDER BY pending_id) - 1 AS seq,
        taken.event_id,
        sha256('\x00'::bytea || body) AS leaf_hash
    FROM taken LEFT JOIN audit_outbox USING (event_id)
)
INSERT INTO audit_entry (log_id, seq, event_id, leaf_hash)
SELECT %(log_id)s, seq, event_id, leaf_hash FROM numbered ORDER BY seq
RETURNING seq, leaf_hash
