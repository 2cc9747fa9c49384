-- The planner needs to know how many rows a night brought and by which keys they are found, not what
-- the curves hold; and only the month that grew. The trees are looked at again when their number changed.
CREATE OR REPLACE FUNCTION analyze_forecasts() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    month text := to_char((SELECT max(for_day) FROM night_runs), 'YYYY_MM');
    trees_now double precision := (SELECT trees FROM night_runs ORDER BY run_id DESC LIMIT 1);
    trees_known double precision := (SELECT reltuples FROM pg_class WHERE oid = 'tree_inputs'::regclass);
BEGIN
    IF to_regclass('forecasts_' || month) IS NULL THEN
        RETURN;
    END IF;
    IF (SELECT reltuples FROM pg_class WHERE oid = to_regclass('forecasts_' || month)) < 0 THEN
        ANALYZE forecasts (for_day, run_id, state_id),
            forecast_trees (for_day, run_id, tree_id, state_id);
    ELSE
        EXECUTE format('ANALYZE %I (for_day, run_id, state_id)', 'forecasts_' || month);
        EXECUTE format(
            'ANALYZE %I (for_day, run_id, tree_id, state_id)', 'forecast_trees_' || month
        );
    END IF;
    ANALYZE night_runs (run_id, for_day);
    IF abs(trees_known - trees_now) > 0.1 * trees_now THEN
        ANALYZE trees (tree_id, tree_key, number, status, genus, street, area, district_id, geom_3857),
            tree_inputs (tree_id), sensors;
    END IF;
END $$;
