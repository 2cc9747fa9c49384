-- One tree of a plan, on it or left out.
SELECT tree.tree_id, stop.litres, stop.is_included, left_out.litres AS left_out_litres,
    left_out.urgency, tree.status
FROM trees AS tree
LEFT JOIN watering_plan_stop AS stop
    ON stop.plan_id = %(plan_id)s AND stop.tree_id = tree.tree_id
LEFT JOIN watering_plan_left_out AS left_out
    ON left_out.plan_id = %(plan_id)s AND left_out.tree_id = tree.tree_id
WHERE tree.tree_id = %(tree_id)s
