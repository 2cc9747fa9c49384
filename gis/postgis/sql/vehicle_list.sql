-- Vehicles of the profile; NULL filters nothing.
SELECT vehicle_id, name, tank_l, crew_hours_h, is_working,
    ST_X(depot) AS lon, ST_Y(depot) AS lat
FROM watering_vehicle
WHERE is_in_profile AND (%(vehicle_id)s::text IS NULL OR vehicle_id = %(vehicle_id)s::text)
ORDER BY vehicle_id
