-- Weather by day, every nightly run, and its forecasts: one row for each distinct state of the soil,
-- and which tree is in which state. Only ever added to, so that each forecast can be checked later.
CREATE TABLE weather_days (
    day date NOT NULL,
    kind text NOT NULL CHECK (kind IN ('observed', 'forecast')),
    issued_on date NOT NULL,  -- of a forecast; the day itself for an observation
    rain_mm real NOT NULL CHECK (rain_mm >= 0),
    et0_mm real NOT NULL CHECK (et0_mm >= 0),
    mean_c real NOT NULL,
    flags text[] NOT NULL DEFAULT '{}',  -- 'radiation estimated', 'rain missing', 'simulated', …
    source text NOT NULL,
    fetched_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (day, kind, issued_on)
);

CREATE TABLE night_runs (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    for_day date NOT NULL,
    ran_at timestamptz NOT NULL DEFAULT now(),
    seconds real NOT NULL,
    trees integer NOT NULL,
    states integer NOT NULL,
    methods jsonb NOT NULL,  -- {"model": n, "balance": n, "rule": n} trees
    weather jsonb NOT NULL,  -- source, observed_until, forecast_issued_on, age_h, state, …
    model jsonb,  -- version, sha256, gate, local_sensors; missing where none is installed
    thresholds jsonb NOT NULL,
    past_days date[] NOT NULL,  -- the days of forecasts.past
    past_rain_mm real[] NOT NULL,
    past_et0_mm real[] NOT NULL,
    ahead_rain_mm real[] NOT NULL,  -- for_day is the first of them
    ahead_et0_mm real[] NOT NULL,
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),  -- sha256 of the prediction table
    simulated boolean NOT NULL
);
CREATE INDEX night_runs_newest ON night_runs (for_day DESC, run_id DESC);

CREATE TABLE forecasts (
    for_day date NOT NULL,  -- the morning it was made for; value 1 of each curve is that day
    run_id bigint NOT NULL REFERENCES night_runs,
    state_id integer NOT NULL,
    method text NOT NULL CHECK (method IN ('model', 'balance', 'rule')),
    urgency text NOT NULL CHECK (urgency IN ('urgent', 'act', 'good', 'unknown')),
    capacity_mm real NOT NULL,
    pit_m2 real NOT NULL,
    catchment_m2 real NOT NULL,
    interception_share real NOT NULL,
    demand_factor real NOT NULL,
    easy_share real NOT NULL,
    depletion_mm real,  -- at the midnight before for_day; missing under the rule
    sensor_shift real NOT NULL DEFAULT 0,  -- REW by which sensors moved the balance
    past real[] NOT NULL,  -- REW by balance at the ends of night_runs.past_days
    balance real[] NOT NULL,  -- REW by balance at the ends of the coming days
    model_q50 real[] NOT NULL,  -- the learned part's opinion, also where the balance decides
    q10 real[] NOT NULL,  -- of the deciding method; value 1: this morning, then each day's end
    q50 real[] NOT NULL,
    q90 real[] NOT NULL,
    dry_earliest date,
    dry_likely date,
    dry_latest date,
    reasons jsonb NOT NULL DEFAULT '[]',
    PRIMARY KEY (for_day, run_id, state_id)
) PARTITION BY RANGE (for_day);

CREATE TABLE forecast_trees (
    for_day date NOT NULL,
    run_id bigint NOT NULL,
    tree_id bigint NOT NULL,
    state_id integer NOT NULL,
    litres smallint,
    litres_low smallint,
    litres_high smallint,
    PRIMARY KEY (for_day, run_id, tree_id)
) PARTITION BY RANGE (for_day);

CREATE TABLE forecast_checks (
    for_day date NOT NULL,
    run_id bigint NOT NULL,
    tree_id bigint NOT NULL,
    horizon_d smallint NOT NULL CHECK (horizon_d BETWEEN 0 AND 14),
    truth real NOT NULL,  -- REW by the tree's sensors
    q10 real NOT NULL,
    q50 real NOT NULL,
    q90 real NOT NULL,
    method text NOT NULL,
    balance real NOT NULL,
    model real,
    persistence real NOT NULL,
    climatology real NOT NULL,
    verified_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (for_day, run_id, tree_id, horizon_d)
);

CREATE TABLE watering_alarms (
    alarm_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    raised_at timestamptz NOT NULL DEFAULT now(),
    horizon_d smallint NOT NULL,
    measure text NOT NULL CHECK (measure IN ('skill', 'coverage')),
    value real NOT NULL,
    low real NOT NULL,  -- the band it left
    high real NOT NULL,
    checks integer NOT NULL
);

-- Make the month's partitions; the nightly run may add, never drop.
CREATE FUNCTION make_forecast_partitions(of_day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    first date := date_trunc('month', of_day);
    table_name text;
BEGIN
    FOREACH table_name IN ARRAY ARRAY['forecasts', 'forecast_trees'] LOOP
        IF to_regclass(format('%I_%s', table_name, to_char(first, 'YYYY_MM'))) IS NULL THEN
            EXECUTE format(
                'CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                table_name || '_' || to_char(first, 'YYYY_MM'), table_name,
                first, (first + interval '1 month')::date
            );
        END IF;
    END LOOP;
END $$;

CREATE VIEW newest_night AS
SELECT * FROM night_runs ORDER BY for_day DESC, run_id DESC LIMIT 1;

-- A tree as the newest run leaves it; trees without a forecast (felled, groups, new) have NULLs.
CREATE VIEW tree_today AS
SELECT
    trees.*,
    ST_X(trees.geom) AS longitude_deg,
    ST_Y(trees.geom) AS latitude_deg,
    district.name AS district,
    inputs.site_age_years, inputs.age_source, inputs.pit_m2, inputs.pit_is_default,
    inputs.soil, inputs.soil_is_default, inputs.capacity_mm, inputs.catchment_m2,
    inputs.interception_share, inputs.demand_factor, inputs.easy_share,
    told.run_id, told.for_day, told.state_id,
    told.litres AS litres_needed, told.litres_low, told.litres_high,
    state.method, coalesce(state.urgency, 'unknown') AS urgency, state.depletion_mm,
    state.sensor_shift,
    state.q10[1] AS rew_q10, state.q50[1] AS rew_q50, state.q90[1] AS rew_q90,
    state.dry_earliest, state.dry_likely, state.dry_latest,
    EXISTS (SELECT FROM sensors WHERE sensors.tree_id = trees.tree_id) AS has_sensor,
    (
        SELECT max(watered_at) FROM waterings
        WHERE waterings.tree_id = trees.tree_id AND outcome = 'watered'
    ) AS last_watered_at
FROM trees
LEFT JOIN tree_inputs AS inputs USING (tree_id)
LEFT JOIN district USING (district_id)
LEFT JOIN forecast_trees AS told
    ON told.tree_id = trees.tree_id
    AND told.for_day = (SELECT for_day FROM newest_night)
    AND told.run_id = (SELECT run_id FROM newest_night)
LEFT JOIN forecasts AS state
    ON state.for_day = told.for_day
    AND state.for_day = (SELECT for_day FROM newest_night)
    AND state.run_id = told.run_id
    AND state.state_id = told.state_id;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON forecasts
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON forecast_trees
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON night_runs
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON night_runs, forecasts, forecast_trees, forecast_checks, watering_alarms
    TO stadtwart_app;
GRANT SELECT, INSERT, UPDATE ON weather_days TO stadtwart_app;
GRANT SELECT ON newest_night, tree_today TO stadtwart_app;
