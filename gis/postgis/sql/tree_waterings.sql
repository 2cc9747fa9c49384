-- The newest waterings of a tree.
SELECT watering_id, watered_at AS at, litres, by_kind, outcome, flags
FROM waterings WHERE tree_id = %(tree_id)s
ORDER BY watered_at DESC LIMIT 100
