-- Same spot, other number: the tree keeps its row, and so its history.
UPDATE trees SET tree_key = pair.new
FROM unnest(%(old)s::text[], %(new)s::text[]) AS pair (old, new)
WHERE trees.tree_key = pair.old
