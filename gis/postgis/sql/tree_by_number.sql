-- Our ids of trees by their number in the register; only numbers that one tree has.
SELECT number, min(tree_id) FROM trees
WHERE status <> 'gone' AND number <> ''
GROUP BY number HAVING count(*) = 1
