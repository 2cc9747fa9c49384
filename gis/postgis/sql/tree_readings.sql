-- The newest readings of a tree's sensors.
SELECT readings.read_at AS at, readings.depth_cm, readings.tension_kpa, readings.moisture_vol, readings.flags
FROM readings JOIN sensors USING (sensor_id)
WHERE sensors.tree_id = %(tree_id)s
ORDER BY readings.read_at DESC LIMIT 200
