-- How far the computation has come.
UPDATE tour_run SET progress = %(progress)s WHERE job_id = %(job_id)s AND state = 'computing'
