-- By horizon: errors of what was said and of the others, and how often the interval held.
SELECT
    horizon_d::integer,
    count(*)::integer AS n,
    count(DISTINCT tree_id)::integer AS trees,
    mode() WITHIN GROUP (ORDER BY method) AS method,
    sqrt(avg((q50 - truth) ^ 2))::float8 AS rmse,
    sqrt(avg((balance - truth) ^ 2))::float8 AS rmse_balance,
    sqrt(avg((model - truth) ^ 2))::float8 AS rmse_model,
    sqrt(avg((persistence - truth) ^ 2))::float8 AS rmse_persistence,
    sqrt(avg((climatology - truth) ^ 2))::float8 AS rmse_climatology,
    avg((truth BETWEEN q10 AND q90)::integer)::float8 AS interval_coverage,
    max(for_day + horizon_d - 1) AS verified_until
FROM forecast_checks
WHERE for_day + horizon_d > %(since)s
GROUP BY horizon_d
ORDER BY horizon_d
