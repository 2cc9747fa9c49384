-- A person's change of a tree on the plan.
UPDATE watering_plan_stop SET
    is_included = %(is_included)s, litres = %(litres)s, is_changed = true,
    change_reason = %(reason)s,
    litres_low = least(litres_low, %(litres)s), litres_high = greatest(litres_high, %(litres)s)
WHERE plan_id = %(plan_id)s AND tree_id = %(tree_id)s
