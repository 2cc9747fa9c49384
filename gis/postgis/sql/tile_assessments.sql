-- The streets of one map tile by their last assessment: its age in days, never a time or a vehicle.
WITH bounds AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box),
features AS (
    SELECT
        ST_AsMVTGeom(geom_3857, bounds.box, 4096, 64, true) AS geom,
        segment_id, state, age_days, open_damages
    FROM bounds
    JOIN street_segment ON geom_3857 && bounds.box
    JOIN segment_assessment USING (segment_id)
    LIMIT %(at_most)s
)
SELECT ST_AsMVT(features, 'assessments', 4096, 'geom') FROM features
