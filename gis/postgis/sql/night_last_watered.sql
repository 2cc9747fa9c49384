-- The last day each tree was watered, before a day.
SELECT
    tree_id,
    max((watered_at AT TIME ZONE coalesce((SELECT time_zone FROM city), 'UTC'))::date) AS day
FROM waterings
WHERE outcome = 'watered' AND watered_at < %(for_day)s::date + 1
GROUP BY tree_id
