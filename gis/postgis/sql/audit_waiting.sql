-- What waits for the log, and for how long the oldest has waited.
SELECT
    (SELECT count(*) FROM audit_pending) AS waiting,
    (
        SELECT extract(epoch FROM now() - recorded_at)::float8
        FROM audit_pending JOIN audit_outbox USING (event_id)
        ORDER BY pending_id LIMIT 1
    ) AS oldest_s
