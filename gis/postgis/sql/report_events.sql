-- How many events the interval left in the audit log's outbox.
SELECT count(*) AS events
FROM audit_outbox
WHERE recorded_at >= %(from_at)s AND recorded_at < %(upto_at)s
