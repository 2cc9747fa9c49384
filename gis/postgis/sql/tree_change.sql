-- Known trees get what the newest register says; what is the same stays untouched and unlocked.
WITH arrived AS MATERIALIZED (
    SELECT arrivals.*, place.geom, (
        SELECT min(district.district_id) FROM district
        WHERE ST_Contains(district.geom, place.geom)
    ) AS district_id
    FROM arrivals
    CROSS JOIN LATERAL ST_SetSRID(ST_MakePoint(longitude_deg, latitude_deg), 4326) AS place (geom)
)
UPDATE trees SET
    number = arrived.number,
    status = arrived.status,
    genus = arrived.genus,
    species = arrived.species,
    species_german = arrived.species_german,
    planted_year = arrived.planted_year,
    girth_cm = arrived.girth_cm,
    crown_m = arrived.crown_m,
    height_m = arrived.height_m,
    street = arrived.street,
    area = arrived.area,
    district_id = arrived.district_id,
    geom = arrived.geom,
    flags = arrived.flags,
    source = %(source)s,
    last_seen_on = %(seen_on)s
FROM arrived
WHERE trees.tree_key = arrived.tree_key AND (
    trees.status, trees.genus, trees.species, trees.species_german, trees.planted_year,
    trees.girth_cm, trees.crown_m, trees.height_m, trees.street, trees.area, trees.number,
    trees.district_id, trees.geom::bytea, trees.flags, trees.source, trees.last_seen_on
) IS DISTINCT FROM (
    arrived.status, arrived.genus, arrived.species, arrived.species_german,
    arrived.planted_year, arrived.girth_cm, arrived.crown_m, arrived.height_m,
    arrived.street, arrived.area, arrived.number, arrived.district_id, arrived.geom::bytea,
    arrived.flags, %(source)s::text, %(seen_on)s::date
)
