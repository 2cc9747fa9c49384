-- The trees of the newest register, as the next import compares them.
SELECT
    tree_key, number, status, species, girth_cm, height_m, crown_m, planted_year, street, area,
    ST_X(geom) AS longitude_deg, ST_Y(geom) AS latitude_deg
FROM trees
WHERE status <> 'gone'
