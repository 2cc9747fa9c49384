-- Every standing tree with its inputs, as lines of tab-separated text, five thousand a row: a driver
-- that counts rows reads a million trees in two hundred steps. Empty is unknown.
SELECT string_agg(
    concat_ws(
        E'\t', trees.tree_id, inputs.capacity_mm, inputs.pit_m2, inputs.catchment_m2,
        inputs.interception_share, inputs.demand_factor, inputs.easy_share,
        coalesce(inputs.site_age_years::text, ''), coalesce(trees.girth_cm::text, ''),
        coalesce(trees.crown_m::text, ''), coalesce(trees.planted_year::text, ''),
        translate(trees.genus, E'\t\n\r"', '')
    ), E'\n' ORDER BY trees.tree_id
) AS lines
FROM trees JOIN tree_inputs AS inputs USING (tree_id)
WHERE trees.status = 'standing'
GROUP BY trees.tree_id / 5000
ORDER BY trees.tree_id / 5000
