-- The trees of a plan in the machine's order.
SELECT
    stop.*, tree.number, tree.street, tree.genus, tree.district_id,
    coalesce(district.name, '') AS district,
    ST_X(tree.geom) AS longitude_deg, ST_Y(tree.geom) AS latitude_deg
FROM watering_plan_stop AS stop
JOIN trees AS tree USING (tree_id)
LEFT JOIN district USING (district_id)
WHERE plan_id = %(plan_id)s
ORDER BY rank, tree_id
