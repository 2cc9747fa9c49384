-- The plan's vehicles that work, with the depot in metres.
SELECT
    vehicle_id, tank_l, crew_hours_h,
    ST_X(ST_Transform(depot, city.metric_srid)) AS x_m,
    ST_Y(ST_Transform(depot, city.metric_srid)) AS y_m
FROM watering_vehicle
CROSS JOIN city
WHERE is_working AND is_in_profile AND vehicle_id = ANY (
    SELECT unnest(vehicle_ids) FROM watering_plan WHERE plan_id = %(plan_id)s
)
ORDER BY vehicle_id
