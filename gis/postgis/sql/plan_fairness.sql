-- Need and plan by district: who waits where.
WITH need AS (
    SELECT tree_id, litres AS need_l, CASE WHEN is_included THEN litres ELSE 0 END AS planned_l,
        urgency, is_included
    FROM watering_plan_stop WHERE plan_id = %(plan_id)s
    UNION ALL
    SELECT tree_id, litres, 0, urgency, false
    FROM watering_plan_left_out AS left_out
    WHERE plan_id = %(plan_id)s AND NOT EXISTS (
        SELECT FROM watering_plan_stop AS stop
        WHERE stop.plan_id = left_out.plan_id AND stop.tree_id = left_out.tree_id
    )
)
SELECT
    coalesce(district.district_id, '') AS district_id,
    coalesce(district.name, '') AS district,
    count(*) AS trees,
    count(need.tree_id) AS trees_in_need,
    coalesce(sum(need_l), 0) AS need_l,
    coalesce(sum(planned_l), 0) AS planned_l,
    count(*) FILTER (WHERE need.urgency = 'urgent' AND NOT is_included) AS waiting_urgent
FROM trees AS tree
LEFT JOIN district USING (district_id)
LEFT JOIN need USING (tree_id)
WHERE tree.status IN ('standing', 'group')
GROUP BY district.district_id, district.name
ORDER BY district.name NULLS LAST
