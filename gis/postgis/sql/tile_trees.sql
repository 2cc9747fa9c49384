-- The trees of one map tile, as a Mapbox vector tile; the most urgent first where the limit cuts.
-- The AI label travels with each of them, as flat ai_* properties (contracts.ai_label.flat).
WITH bounds AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box),
run AS (SELECT ran_at, simulated, model, digest FROM newest_night),
features AS (
    SELECT
        ST_AsMVTGeom(tree.geom_3857, bounds.box, 4096, 64, true) AS geom,
        tree.tree_id, tree.urgency, tree.litres_needed, tree.has_sensor, tree.status,
        1 AS ai_version,
        'stadtwart watering' AS ai_system,
        CASE tree.method
            WHEN 'model' THEN run.model ->> 'version'
            WHEN 'rule' THEN 'stated rule, no forecast'
            ELSE 'water balance (FAO-56)'
        END AS ai_model_name,
        CASE WHEN tree.method = 'model' THEN run.model ->> 'sha256' ELSE run.digest END
            AS ai_model_sha256,
        to_char(run.ran_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ai_made_at,
        0.8 AS ai_confidence,
        'not reviewed' AS ai_human_status,
        run.simulated AS ai_simulated
    FROM bounds, tree_today AS tree LEFT JOIN run ON tree.method IS NOT NULL
    WHERE tree.geom_3857 && bounds.box AND tree.status <> 'gone'
    ORDER BY array_position(ARRAY['urgent', 'act', 'unknown', 'good'], tree.urgency)
    LIMIT %(at_most)s
)
SELECT ST_AsMVT(features, 'trees', 4096, 'geom') FROM features
