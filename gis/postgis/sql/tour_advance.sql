-- The first report begins a tour, the last one ends it, also where the report came in under a tour
-- that another one took the place of; the plan follows its tours.
WITH moved AS (
    UPDATE tour SET state = CASE
        WHEN EXISTS (
            SELECT FROM tour_stop AS stop
            WHERE stop.tour_id = tour.tour_id AND stop.kind = 'tree' AND NOT EXISTS (
                SELECT FROM tour_report AS report JOIN tour AS other USING (tour_id)
                WHERE other.plan_id = tour.plan_id AND report.tree_id = stop.tree_id
            )
        ) THEN 'driving'
        ELSE 'done'
    END
    WHERE state IN ('planned', 'driving')
        AND plan_id = (SELECT plan_id FROM tour WHERE tour_id = %(tour_id)s)
        AND EXISTS (
            SELECT FROM tour_stop AS stop
            WHERE stop.tour_id = tour.tour_id AND stop.tree_id = %(tree_id)s
        )
    RETURNING tour_id, state
)
UPDATE watering_plan AS plan SET state = CASE
    WHEN EXISTS (SELECT FROM moved WHERE state = 'driving') OR EXISTS (
        SELECT FROM tour
        WHERE tour.plan_id = plan.plan_id AND tour.state IN ('planned', 'driving')
            AND tour.tour_id NOT IN (SELECT tour_id FROM moved)
    ) THEN 'on tour'
    ELSE 'done'
END
WHERE plan.plan_id = (SELECT plan_id FROM tour WHERE tour_id = %(tour_id)s)
    AND plan.state IN ('approved', 'on tour')
