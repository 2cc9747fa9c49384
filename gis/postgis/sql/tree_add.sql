-- Trees that the books do not know yet.
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
WHERE NOT EXISTS (SELECT FROM trees WHERE trees.tree_key = arrivals.tree_key)
