-- The city's watering profile and clock.
SELECT
    (SELECT profile FROM watering_profile) AS profile, time_zone, metric_srid, simulated, name
FROM city
