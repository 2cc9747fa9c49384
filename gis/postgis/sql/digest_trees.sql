-- The trees of a run, as its digest counts them.
SELECT tree_id, state_id, litres FROM forecast_trees
WHERE run_id = %(run_id)s AND for_day = (SELECT for_day FROM night_runs WHERE run_id = %(run_id)s)
ORDER BY tree_id
