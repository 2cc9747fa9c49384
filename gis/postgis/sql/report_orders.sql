-- Work orders: created, and closed one way or the other.
SELECT
    count(*) FILTER (WHERE created_at >= %(from_at)s AND created_at < %(upto_at)s) AS created,
    count(*) FILTER (
        WHERE state = 'completed' AND closed_at >= %(from_at)s AND closed_at < %(upto_at)s
    ) AS completed,
    count(*) FILTER (
        WHERE state = 'cancelled' AND closed_at >= %(from_at)s AND closed_at < %(upto_at)s
    ) AS cancelled
FROM work_order
