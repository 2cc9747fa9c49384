-- The trees a plan leaves out, by name.
SELECT left_out.*, tree.number, tree.street, tree.district_id
FROM watering_plan_left_out AS left_out
JOIN trees AS tree USING (tree_id)
WHERE plan_id = %(plan_id)s
    AND NOT EXISTS (
        SELECT FROM watering_plan_stop AS stop
        WHERE stop.plan_id = left_out.plan_id AND stop.tree_id = left_out.tree_id
    )
ORDER BY array_position(ARRAY['urgent', 'act', 'unknown', 'good'], urgency), tree.number, tree_id
