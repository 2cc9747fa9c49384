-- For each place the nearest damage of its class within the radius, by its four corner cells.
-- A damage repaired before it was seen again does not count: that is a new damage.
SELECT place.number, found.damage_id
FROM unnest(
    %(number)s::int[], %(x_m)s::float8[], %(y_m)s::float8[], %(seen_at)s::timestamptz[],
    %(cell_1)s::bigint[], %(cell_2)s::bigint[], %(cell_3)s::bigint[], %(cell_4)s::bigint[]
) AS place (number, x_m, y_m, seen_at, cell_1, cell_2, cell_3, cell_4)
CROSS JOIN LATERAL (
    SELECT damage.damage_id
    FROM damage
    CROSS JOIN LATERAL (
        SELECT (damage.x_m - place.x_m) ^ 2 + (damage.y_m - place.y_m) ^ 2 AS squared_m2
    ) AS apart
    WHERE
        damage.cell = ANY (ARRAY[place.cell_1, place.cell_2, place.cell_3, place.cell_4])
        AND apart.squared_m2 <= %(radius_m)s ^ 2
        AND (damage.repaired_at IS NULL OR place.seen_at <= damage.repaired_at)
    ORDER BY apart.squared_m2, damage.damage_id
    LIMIT 1
) AS found
