-- Write down which damage each sighting belongs to.
UPDATE sighting SET
    state = 'merged',
    damage_id = settled.damage_id,
    x_m = settled.x_m,
    y_m = settled.y_m
FROM unnest(
    %(sighting_id)s::uuid[], %(damage_id)s::bigint[], %(x_m)s::float8[], %(y_m)s::float8[]
) AS settled (sighting_id, damage_id, x_m, y_m)
WHERE sighting.sighting_id = settled.sighting_id
