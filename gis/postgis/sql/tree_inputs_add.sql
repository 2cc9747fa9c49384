-- What the balance is told of trees that are new.
INSERT INTO tree_inputs (
    tree_id, site_age_years, age_source, pit_m2, pit_is_default, soil, soil_is_default,
    capacity_mm, catchment_m2, interception_share, demand_factor, easy_share
)
SELECT
    trees.tree_id,
    arrivals.site_age_years, arrivals.age_source, arrivals.pit_m2, arrivals.pit_is_default,
    arrivals.soil, arrivals.soil_is_default, arrivals.capacity_mm, arrivals.catchment_m2,
    arrivals.interception_share, arrivals.demand_factor, arrivals.easy_share
FROM arrivals JOIN trees USING (tree_key)
WHERE NOT EXISTS (SELECT FROM tree_inputs AS told WHERE told.tree_id = trees.tree_id)
