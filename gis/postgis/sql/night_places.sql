-- Where the standing trees are, in the city's metres, in the order and form of night_trees.
SELECT string_agg(
    concat_ws(
        E'\t', coalesce(round(ST_X(place.geom)::numeric, 2)::text, ''),
        coalesce(round(ST_Y(place.geom)::numeric, 2)::text, '')
    ), E'\n' ORDER BY trees.tree_id
) AS lines
FROM trees
JOIN tree_inputs USING (tree_id)
CROSS JOIN LATERAL ST_Transform(trees.geom, (SELECT metric_srid FROM city)) AS place (geom)
WHERE trees.status = 'standing'
GROUP BY trees.tree_id / 5000
ORDER BY trees.tree_id / 5000
