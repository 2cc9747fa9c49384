-- Where the other vehicles of a plan stand: their last reported stop, else their start.
SELECT
    tour.tour_id, tour.vehicle_id, vehicle.tank_l, tour.begins_full_l,
    coalesce(last.seq, 0) AS seq, tour.begins_at, tour.ends_at
FROM tour
JOIN watering_vehicle AS vehicle USING (vehicle_id)
LEFT JOIN LATERAL (
    SELECT max(stop.seq) AS seq FROM tour_stop AS stop
    JOIN tour_report AS report
        ON report.tour_id = stop.tour_id AND report.tree_id = stop.tree_id
    WHERE stop.tour_id = tour.tour_id
) AS last ON true
WHERE tour.plan_id = %(plan_id)s AND tour.state IN ('planned', 'driving')
    AND vehicle.is_working
ORDER BY tour.vehicle_id
