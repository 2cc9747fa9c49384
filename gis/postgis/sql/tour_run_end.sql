-- The computation is over; nothing is returned where another worker was first.
UPDATE tour_run SET state = %(state)s, progress = 1, reason = %(reason)s, ended_at = now(),
    solver = %(solver)s, driving_times = %(driving_times)s
WHERE job_id = %(job_id)s AND state = 'computing'
RETURNING job_id
