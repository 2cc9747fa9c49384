-- Free the keys that renumbered trees will take from trees long gone.
UPDATE trees SET tree_key = 'gone:' || tree_id || ':' || tree_key
WHERE status = 'gone' AND tree_key = ANY(%(new)s::text[])
