-- What people decided about watering plans; a change is a stop that somebody added, took out or altered.
SELECT
    count(*) FILTER (WHERE kind = 'approved') AS approved,
    count(*) FILTER (WHERE kind = 'rejected') AS rejected,
    count(*) FILTER (WHERE kind = 'changed') AS changed
FROM plan_decision
WHERE decided_at >= %(from_at)s AND decided_at < %(upto_at)s
