-- What the balance is told of known trees, where the newest register changes it.
UPDATE tree_inputs AS told SET
    site_age_years = arrivals.site_age_years,
    age_source = arrivals.age_source,
    pit_m2 = arrivals.pit_m2,
    pit_is_default = arrivals.pit_is_default,
    soil = arrivals.soil,
    soil_is_default = arrivals.soil_is_default,
    capacity_mm = arrivals.capacity_mm,
    catchment_m2 = arrivals.catchment_m2,
    interception_share = arrivals.interception_share,
    demand_factor = arrivals.demand_factor,
    easy_share = arrivals.easy_share
FROM arrivals JOIN trees USING (tree_key)
WHERE told.tree_id = trees.tree_id AND (
    told.site_age_years, told.age_source, told.pit_m2, told.pit_is_default, told.soil,
    told.soil_is_default, told.capacity_mm, told.catchment_m2, told.interception_share,
    told.demand_factor, told.easy_share
) IS DISTINCT FROM (
    arrivals.site_age_years, arrivals.age_source, arrivals.pit_m2, arrivals.pit_is_default,
    arrivals.soil, arrivals.soil_is_default, arrivals.capacity_mm, arrivals.catchment_m2,
    arrivals.interception_share, arrivals.demand_factor, arrivals.easy_share
)
