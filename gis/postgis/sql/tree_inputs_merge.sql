-- What the balance is told of each tree of the newest register.
INSERT INTO tree_inputs (
    tree_id, site_age_years, age_source, pit_m2, pit_is_default, soil, soil_is_default,
    capacity_mm, catchment_m2, interception_share, demand_factor, easy_share
)
SELECT
    trees.tree_id, arrivals.site_age_years, arrivals.age_source, arrivals.pit_m2,
    arrivals.pit_is_default, arrivals.soil, arrivals.soil_is_default, arrivals.capacity_mm,
    arrivals.catchment_m2, arrivals.interception_share, arrivals.demand_factor, arrivals.easy_share
FROM arrivals JOIN trees USING (tree_key)
ON CONFLICT (tree_id) DO UPDATE SET
    site_age_years = excluded.site_age_years,
    age_source = excluded.age_source,
    pit_m2 = excluded.pit_m2,
    pit_is_default = excluded.pit_is_default,
    soil = excluded.soil,
    soil_is_default = excluded.soil_is_default,
    capacity_mm = excluded.capacity_mm,
    catchment_m2 = excluded.catchment_m2,
    interception_share = excluded.interception_share,
    demand_factor = excluded.demand_factor,
    easy_share = excluded.easy_share
