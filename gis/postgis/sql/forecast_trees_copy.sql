-- Which tree is in which state, as PostgreSQL's binary rows.
COPY forecast_trees (for_day, run_id, tree_id, state_id, litres, litres_low, litres_high)
FROM STDIN (FORMAT binary)
