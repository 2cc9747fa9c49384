-- How good one learned model has been in this city, by horizon, next to the stated baselines; only
-- forecasts that its file made and whose truth has come.
SELECT
    checks.horizon_d::integer,
    count(*)::integer AS n,
    count(DISTINCT checks.tree_id)::integer AS trees,
    sqrt(avg((checks.model - checks.truth) ^ 2))::float8 AS rmse_model,
    sqrt(avg((checks.balance - checks.truth) ^ 2))::float8 AS rmse_balance,
    sqrt(avg((checks.persistence - checks.truth) ^ 2))::float8 AS rmse_persistence,
    sqrt(avg((checks.climatology - checks.truth) ^ 2))::float8 AS rmse_climatology,
    bool_or(run.simulated) AS simulated,
    max(checks.for_day + checks.horizon_d - 1) AS verified_until
FROM forecast_checks AS checks
JOIN night_runs AS run USING (run_id)
WHERE checks.model IS NOT NULL AND run.model ->> 'sha256' = %(model_sha256)s
GROUP BY checks.horizon_d
ORDER BY checks.horizon_d
