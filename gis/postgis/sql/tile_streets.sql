-- The streets of one map tile, as a Mapbox vector tile; geometry is stored in the map's projection.
WITH bounds AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box),
features AS (
    SELECT ST_AsMVTGeom(geom_3857, bounds.box, 4096, 64, true) AS geom, segment_id, name, road_class
    FROM street_segment, bounds
    WHERE geom_3857 && bounds.box
    LIMIT %(at_most)s
)
SELECT ST_AsMVT(features, 'streets', 4096, 'geom') FROM features
