-- Which tree is in which state, as CSV.
COPY forecast_trees (for_day, run_id, tree_id, state_id, litres, litres_low, litres_high)
FROM STDIN (FORMAT csv)
