-- The newest run's curves of one tree's state, and the run's weather.
SELECT
    run.for_day, run.ran_at, run.past_days, run.past_rain_mm, run.past_et0_mm,
    run.ahead_rain_mm, run.ahead_et0_mm, run.simulated, run.model, run.digest, run.thresholds,
    state.past, state.balance, state.model_q50, state.q10, state.q50, state.q90,
    state.reasons
FROM newest_night AS run
JOIN forecast_trees AS told ON told.for_day = run.for_day AND told.run_id = run.run_id
JOIN forecasts AS state
    ON state.for_day = run.for_day AND state.run_id = run.run_id AND state.state_id = told.state_id
WHERE told.tree_id = %(tree_id)s
