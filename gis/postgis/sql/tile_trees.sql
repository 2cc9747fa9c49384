-- The trees of one map tile, as a Mapbox vector tile; the most urgent first where the limit cuts.
WITH bounds AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box),
features AS (
    SELECT
        ST_AsMVTGeom(geom_3857, bounds.box, 4096, 64, true) AS geom,
        tree_id, urgency, litres_needed, has_sensor, status,
        -- the AI label (contracts.ai_label.flat), as api.water_label says it; none without a forecast
        CASE WHEN method IS NOT NULL THEN 1 END AS ai_version,
        CASE WHEN method IS NOT NULL THEN 'stadtwart watering' END AS ai_system,
        CASE
            WHEN method = 'model' THEN coalesce(night.model ->> 'sha256', night.digest)
            WHEN method IS NOT NULL THEN night.digest
        END AS ai_model_sha256,
        CASE WHEN method IS NOT NULL
            THEN to_char(night.ran_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
        END AS ai_made_at,
        CASE WHEN method IS NOT NULL THEN 0.8 END AS ai_confidence,
        CASE WHEN method IS NOT NULL THEN 'not reviewed' END AS ai_human_status,
        CASE WHEN method IS NOT NULL THEN night.simulated END AS ai_simulated
    FROM bounds, tree_today LEFT JOIN newest_night AS night ON true
    WHERE geom_3857 && bounds.box AND status <> 'gone'
    ORDER BY array_position(ARRAY['urgent', 'act', 'unknown', 'good'], urgency)
    LIMIT %(at_most)s
)
SELECT ST_AsMVT(features, 'trees', 4096, 'geom') FROM features
