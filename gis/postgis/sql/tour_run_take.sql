-- The oldest tours that wait to be computed; the session's lock says that somebody is at it.
UPDATE tour_run SET state = 'computing', progress = 0
WHERE job_id = (
    SELECT job_id FROM tour_run WHERE state = 'waiting'
    ORDER BY asked_at LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING job_id, plan_id, approval_id, failed_tour_id, asked_by,
    pg_try_advisory_lock(hashtextextended(job_id::text, 220)) AS is_held
