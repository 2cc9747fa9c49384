-- Tours of a plan, or one tour; those that others took the place of only when asked by number.
SELECT
    tour.tour_id, tour.plan_id, tour.vehicle_id, vehicle.name AS vehicle, plan.for_day,
    tour.begins_at, tour.ends_at, tour.begins_full_l, tour.litres, tour.length_m, tour.state,
    tour.failed_after_seq, tour.failed_reason, tour_run.driving_times, tour_run.solver,
    tour.made_at AS tour_made_at,
    ST_AsGeoJSON(tour.line, 6) AS line, vehicle.tank_l,
    plan.method, plan.model_sha256, plan.digest, plan.made_at, plan.simulated,
    plan.state AS plan_state
FROM tour
JOIN watering_plan AS plan USING (plan_id)
JOIN watering_vehicle AS vehicle USING (vehicle_id)
JOIN tour_run USING (job_id)
WHERE
    (%(plan_id)s::bigint IS NULL
        OR (tour.plan_id = %(plan_id)s::bigint AND tour.state NOT IN ('replaced', 'withdrawn')))
    AND (%(tour_id)s::bigint IS NULL OR tour.tour_id = %(tour_id)s::bigint)
ORDER BY tour.begins_at, tour.vehicle_id, tour.tour_id
