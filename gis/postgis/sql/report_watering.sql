-- Waterings that were reported, by the day they happened.
SELECT
    count(*) FILTER (WHERE outcome = 'watered') AS waterings,
    coalesce(sum(litres) FILTER (WHERE outcome = 'watered'), 0)::double precision AS litres,
    count(*) FILTER (WHERE outcome = 'not reachable') AS not_reachable,
    count(*) FILTER (WHERE outcome = 'dead') AS dead,
    count(DISTINCT tree_id) FILTER (WHERE outcome = 'watered') AS trees
FROM waterings
WHERE watered_at >= %(from_at)s AND watered_at < %(upto_at)s
