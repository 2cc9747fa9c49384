-- The city itself, with the zone outside of which a sighting is quarantined.
-- 100 m around the districts: streets on the border, and GPS errors there.
INSERT INTO city (
    name, slug, state, simulated, metric_srid, time_zone, licence, source, zone
)
SELECT
    %(name)s, %(slug)s, %(state)s, %(simulated)s, %(srid)s, %(time_zone)s,
    %(licence)s, %(source)s,
    ST_Multi(ST_Transform(ST_Buffer(ST_Union(geom_m), 100), 4326))
FROM district
ON CONFLICT (city_id) DO UPDATE SET
    name = excluded.name,
    slug = excluded.slug,
    state = excluded.state,
    simulated = excluded.simulated,
    metric_srid = excluded.metric_srid,
    time_zone = excluded.time_zone,
    licence = excluded.licence,
    source = excluded.source,
    zone = excluded.zone,
    loaded_at = now()
