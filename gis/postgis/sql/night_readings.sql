-- The believed readings of the last days, each with its sensor's tree and marks.
SELECT
    sensors.tree_id, readings.read_at, readings.tension_kpa::float8, readings.moisture_vol::float8,
    sensors.wilting_vol::float8, sensors.capacity_vol::float8
FROM readings JOIN sensors USING (sensor_id)
WHERE readings.flags = '{}' AND read_at >= %(first)s AND read_at < %(before)s
ORDER BY readings.read_at
