-- Which of these trees are known.
SELECT tree_id FROM trees WHERE tree_id = ANY(%(ids)s::bigint[])
