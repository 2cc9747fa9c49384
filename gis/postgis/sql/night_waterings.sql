-- Litres by tree and local day, before a day; flagged ones are not believed.
WITH given AS (
    SELECT
        tree_id, litres,
        (watered_at AT TIME ZONE coalesce((SELECT time_zone FROM city), 'UTC'))::date AS day
    FROM waterings
    WHERE outcome = 'watered' AND litres > 0 AND flags = '{}'
        AND watered_at >= %(first)s::date - 1 AND watered_at < %(for_day)s::date + 1
)
SELECT tree_id, day, sum(litres)::float4 AS litres
FROM given
WHERE day >= %(first)s AND day < %(for_day)s
GROUP BY tree_id, day
ORDER BY tree_id, day
