-- One street segment, new or changed.
INSERT INTO street_segment (segment_id, name, road_class, district_id, geom, geom_m)
SELECT
    %(segment_id)s, %(name)s, %(road_class)s, %(district_id)s,
    geom, ST_Transform(geom, %(srid)s::integer)
FROM ST_GeomFromWKB(%(wkb)s, 4326) AS geom
ON CONFLICT (segment_id) DO UPDATE SET
    name = excluded.name,
    road_class = excluded.road_class,
    district_id = excluded.district_id,
    geom = excluded.geom,
    geom_m = excluded.geom_m
