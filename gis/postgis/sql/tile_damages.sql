-- The damages of one map tile, as a Mapbox vector tile; geometry is stored in the map's projection.
-- The AI label travels with each of them, as flat ai_* properties (contracts.ai_label.flat).
WITH bounds AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box),
features AS (
    SELECT
        ST_AsMVTGeom(geom_3857, bounds.box, 4096, 64, true) AS geom,
        damage_id, damage_class, state, confidence, sightings,
        1 AS ai_version,
        'stadtwart road damage' AS ai_system,
        model_sha256 AS ai_model_sha256,
        to_char(made_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS ai_made_at,
        confidence AS ai_confidence,
        CASE state
            WHEN 'waiting' THEN 'not reviewed'
            WHEN 'dismissed' THEN 'not a damage'
            WHEN 'unsure' THEN 'unsure'
            ELSE 'confirmed'
        END AS ai_human_status,
        simulated AS ai_simulated
    FROM damage, bounds
    WHERE geom_3857 && bounds.box
    LIMIT %(at_most)s
)
SELECT ST_AsMVT(features, 'damages', 4096, 'geom') FROM features
