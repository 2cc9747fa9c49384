-- Readings of one delivery; the same sensor, time and depth counts once.
WITH stored AS (
    INSERT INTO readings (sensor_id, read_at, depth_cm, tension_kpa, moisture_vol, flags, source)
    SELECT
        sensor_id, read_at, depth_cm, tension_kpa, moisture_vol,
        coalesce(string_to_array(nullif(flags, ''), '|'), '{}'), %(source)s
    FROM unnest(
        %(sensor_id)s::text[], %(read_at)s::timestamptz[], %(depth_cm)s::real[],
        %(tension_kpa)s::real[], %(moisture_vol)s::real[], %(flags)s::text[]
    ) AS one (sensor_id, read_at, depth_cm, tension_kpa, moisture_vol, flags)
    ON CONFLICT (sensor_id, read_at, depth_cm) DO NOTHING
    RETURNING flags
)
SELECT count(*)::integer, (count(*) FILTER (WHERE flags <> '{}'))::integer FROM stored
