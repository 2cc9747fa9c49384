-- The included trees of a plan that nobody has reported yet, in metres.
SELECT
    stop.tree_id, stop.litres, stop.urgency = 'urgent' AS is_urgent,
    ST_X(ST_Transform(tree.geom, city.metric_srid)) AS x_m,
    ST_Y(ST_Transform(tree.geom, city.metric_srid)) AS y_m
FROM watering_plan_stop AS stop
JOIN trees AS tree USING (tree_id)
CROSS JOIN city
WHERE stop.plan_id = %(plan_id)s AND is_included AND NOT EXISTS (
    SELECT FROM tour_report JOIN tour USING (tour_id)
    WHERE tour.plan_id = stop.plan_id AND tour_report.tree_id = stop.tree_id
)
ORDER BY rank, stop.tree_id
