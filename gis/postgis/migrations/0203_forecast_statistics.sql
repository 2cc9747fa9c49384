-- After a night's copy the planner must know the new rows, or joins over them crawl.
CREATE FUNCTION analyze_forecasts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE trees, tree_inputs, sensors, night_runs, forecasts, forecast_trees;
END $$;
