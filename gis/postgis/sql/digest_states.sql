-- The curves of a run's states, as its digest counts them.
SELECT q10::float8[], q50::float8[], q90::float8[] FROM forecasts
WHERE run_id = %(run_id)s AND for_day = (SELECT for_day FROM night_runs WHERE run_id = %(run_id)s)
ORDER BY state_id
