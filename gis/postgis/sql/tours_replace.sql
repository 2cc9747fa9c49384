-- Tours of a plan that new ones take the place of; what has begun counts as done up to there.
UPDATE tour SET state = CASE
    WHEN EXISTS (SELECT FROM tour_report WHERE tour_report.tour_id = tour.tour_id) THEN 'done'
    ELSE 'replaced'
END
WHERE plan_id = %(plan_id)s AND state IN ('planned', 'driving') AND job_id <> %(job_id)s
