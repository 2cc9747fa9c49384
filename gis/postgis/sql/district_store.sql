-- One district, new or changed.
INSERT INTO district (district_id, name, geom, geom_m)
SELECT %(district_id)s, %(name)s, geom, ST_Transform(geom, %(srid)s::integer)
FROM ST_GeomFromWKB(%(wkb)s, 4326) AS geom
ON CONFLICT (district_id) DO UPDATE
SET name = excluded.name, geom = excluded.geom, geom_m = excluded.geom_m
