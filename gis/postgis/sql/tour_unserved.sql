-- Trees on no tour of a computation.
SELECT tree.tree_id, tree.number, tree.street, unserved.why, reason_de, reason_en
FROM tour_unserved AS unserved
JOIN trees AS tree USING (tree_id)
WHERE job_id = %(job_id)s
ORDER BY tree.number, tree.tree_id
