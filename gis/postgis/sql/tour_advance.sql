-- The first report begins a tour, the last one ends it; the plan follows its tours.
WITH moved AS (
    UPDATE tour SET state = CASE
        WHEN state NOT IN ('planned', 'driving') THEN state
        WHEN EXISTS (
            SELECT FROM tour_stop AS stop
            WHERE stop.tour_id = tour.tour_id AND stop.kind = 'tree' AND NOT EXISTS (
                SELECT FROM tour_report AS report JOIN tour AS other USING (tour_id)
                WHERE other.plan_id = tour.plan_id AND report.tree_id = stop.tree_id
            )
        ) THEN 'driving'
        ELSE 'done'
    END
    WHERE tour_id = %(tour_id)s
    RETURNING tour_id, plan_id, state
)
UPDATE watering_plan AS plan SET state = CASE
    WHEN (SELECT state FROM moved) = 'done' AND NOT EXISTS (
        SELECT FROM tour
        WHERE tour.plan_id = plan.plan_id AND tour.state IN ('planned', 'driving')
            AND tour.tour_id <> %(tour_id)s
    ) THEN 'done'
    ELSE 'on tour'
END
FROM moved WHERE plan.plan_id = moved.plan_id AND plan.state IN ('approved', 'on tour')
