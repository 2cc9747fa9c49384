-- The newest believed reading of each sensor and depth.
SELECT DISTINCT ON (sensor_id, depth_cm)
    sensor_id, read_at, depth_cm::float8, tension_kpa::float8, moisture_vol::float8
FROM readings
WHERE sensor_id = ANY(%(sensor_id)s::text[]) AND flags = '{}'
ORDER BY sensor_id, depth_cm, read_at DESC
