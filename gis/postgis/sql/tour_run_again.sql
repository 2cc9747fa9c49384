-- Tours whose worker died wait again: nobody holds their lock any more.
UPDATE tour_run SET state = 'waiting'
WHERE state = 'computing' AND pg_try_advisory_xact_lock(hashtextextended(job_id::text, 220))
