-- Every standing tree with its inputs, as binary arrays of fifty thousand, all in one order: a driver
-- that counts rows reads a million trees in twenty steps. NaN is unknown.
SELECT
    array_send(array_agg(tree_id)),
    array_send(array_agg(capacity_mm)),
    array_send(array_agg(pit_m2)),
    array_send(array_agg(catchment_m2)),
    array_send(array_agg(interception_share)),
    array_send(array_agg(demand_factor)),
    array_send(array_agg(easy_share)),
    array_send(array_agg(coalesce(site_age_years, 'NaN'))),
    array_send(array_agg(coalesce(girth_cm, 'NaN'))),
    array_send(array_agg(coalesce(crown_m, 'NaN'))),
    array_send(array_agg(coalesce(planted_year::real, 'NaN'))),
    array_send(array_agg(coalesce(ST_X(geom), 'NaN'))),
    array_send(array_agg(coalesce(ST_Y(geom), 'NaN'))),
    convert_to(string_agg(translate(genus, E'\n', ''), E'\n'), 'UTF8')
FROM trees JOIN tree_inputs USING (tree_id)
WHERE status = 'standing'
GROUP BY tree_id / 50000
