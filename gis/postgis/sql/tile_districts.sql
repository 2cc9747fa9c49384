-- The districts of one map tile, as a Mapbox vector tile; geometry is stored in the map's projection.
WITH bounds AS (SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box),
features AS (
    SELECT ST_AsMVTGeom(geom_3857, bounds.box, 4096, 64, true) AS geom, district_id, name
    FROM district, bounds
    WHERE geom_3857 && bounds.box
    LIMIT %(at_most)s
)
SELECT ST_AsMVT(features, 'districts', 4096, 'geom') FROM features
