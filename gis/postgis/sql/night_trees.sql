-- Every standing tree with its inputs, in a fixed order; places in the city's metres.
SELECT
    trees.tree_id,
    inputs.capacity_mm, inputs.pit_m2, inputs.catchment_m2, inputs.interception_share,
    inputs.demand_factor, inputs.easy_share, inputs.site_age_years,
    trees.girth_cm, trees.crown_m, trees.planted_year, trees.genus,
    ST_X(place.geom) AS x_m, ST_Y(place.geom) AS y_m
FROM trees
JOIN tree_inputs AS inputs USING (tree_id)
LEFT JOIN LATERAL (
    SELECT ST_Transform(trees.geom, (SELECT metric_srid FROM city)) AS geom
    WHERE %(with_places)s
) AS place ON true
WHERE trees.status = 'standing'
ORDER BY trees.tree_id
