-- Models whose forecasts decided in the last 30 days, and whether a person approved them.
SELECT model ->> 'sha256' AS sha256, count(*), coalesce(model_is_active(model ->> 'sha256'), false)
FROM night_runs
WHERE ran_at > now() - interval '30 days' AND coalesce((methods ->> 'model')::integer, 0) > 0
GROUP BY model ->> 'sha256'
