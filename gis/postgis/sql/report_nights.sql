-- Nightly watering runs of the interval.
SELECT count(*) AS runs, coalesce(sum(trees), 0)::bigint AS forecasts
FROM night_runs
WHERE ran_at >= %(from_at)s AND ran_at < %(upto_at)s
