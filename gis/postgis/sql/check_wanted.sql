-- Archived forecasts of sensor trees, the newest run of each day, and the horizons already checked.
WITH runs AS (
    SELECT DISTINCT ON (for_day) for_day, run_id FROM night_runs
    WHERE for_day BETWEEN %(first)s AND %(until)s
    ORDER BY for_day, run_id DESC
)
SELECT
    runs.for_day, runs.run_id, told.tree_id, state.method,
    state.q10::float8[], state.q50::float8[], state.q90::float8[],
    state.balance::float8[], state.model_q50::float8[],
    ARRAY(
        SELECT horizon_d::integer FROM forecast_checks AS done
        WHERE done.for_day = runs.for_day AND done.run_id = runs.run_id
            AND done.tree_id = told.tree_id
    ) AS known
FROM runs
JOIN forecast_trees AS told ON told.for_day = runs.for_day AND told.run_id = runs.run_id
JOIN forecasts AS state
    ON state.for_day = runs.for_day AND state.run_id = runs.run_id AND state.state_id = told.state_id
WHERE told.tree_id = ANY(%(ids)s::bigint[]) AND state.method <> 'rule'
ORDER BY runs.for_day, told.tree_id
