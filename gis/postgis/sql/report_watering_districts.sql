-- Litres by district; a district whose trees got nothing stands there with zero.
SELECT
    district.name AS district,
    count(DISTINCT trees.tree_id) AS trees,
    count(waterings.watering_id) AS waterings,
    coalesce(sum(waterings.litres), 0)::double precision AS litres
FROM trees
LEFT JOIN district USING (district_id)
LEFT JOIN waterings ON waterings.tree_id = trees.tree_id AND waterings.outcome = 'watered'
    AND waterings.watered_at >= %(from_at)s AND waterings.watered_at < %(upto_at)s
WHERE trees.status = 'standing'
GROUP BY district.name
ORDER BY district.name NULLS LAST
