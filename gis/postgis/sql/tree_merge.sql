-- New trees come in, known ones get what the newest register says; what is the same stays untouched.
INSERT INTO trees (
    tree_key, number, status, genus, species, species_german, planted_year, girth_cm, crown_m,
    height_m, street, area, district_id, geom, flags, source, first_seen_on, last_seen_on
)
SELECT
    tree_key, number, status, genus, species, species_german, planted_year, girth_cm, crown_m,
    height_m, street, area, found.district_id, place.geom, flags,
    %(source)s, %(seen_on)s, %(seen_on)s
FROM arrivals
CROSS JOIN LATERAL ST_SetSRID(ST_MakePoint(longitude_deg, latitude_deg), 4326) AS place (geom)
LEFT JOIN LATERAL (
    SELECT min(district.district_id) AS district_id FROM district
    WHERE ST_Contains(district.geom, place.geom)
) AS found ON true
ON CONFLICT (tree_key) DO UPDATE SET
    number = excluded.number,
    status = excluded.status,
    genus = excluded.genus,
    species = excluded.species,
    species_german = excluded.species_german,
    planted_year = excluded.planted_year,
    girth_cm = excluded.girth_cm,
    crown_m = excluded.crown_m,
    height_m = excluded.height_m,
    street = excluded.street,
    area = excluded.area,
    district_id = excluded.district_id,
    geom = excluded.geom,
    flags = excluded.flags,
    source = excluded.source,
    last_seen_on = excluded.last_seen_on
WHERE (
    trees.status, trees.genus, trees.species, trees.species_german, trees.planted_year,
    trees.girth_cm, trees.crown_m, trees.height_m, trees.street, trees.area, trees.number,
    trees.district_id, trees.geom::bytea, trees.flags, trees.source, trees.last_seen_on
) IS DISTINCT FROM (
    excluded.status, excluded.genus, excluded.species, excluded.species_german,
    excluded.planted_year, excluded.girth_cm, excluded.crown_m, excluded.height_m,
    excluded.street, excluded.area, excluded.number, excluded.district_id, excluded.geom::bytea,
    excluded.flags, excluded.source, excluded.last_seen_on
)
