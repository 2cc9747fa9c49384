-- The city's trees, what is assumed of their ground, and what sensors, crews and citizens report.
CREATE TABLE trees (
    tree_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tree_key text NOT NULL UNIQUE,  -- area/street/number of the register: the same at the next import
    number text NOT NULL,  -- as the register writes it, empty where it has none
    status text NOT NULL CHECK (status IN ('standing', 'felled', 'group', 'gap', 'gone')),
    genus text NOT NULL,
    species text NOT NULL,
    species_german text NOT NULL,
    planted_year integer,
    girth_cm real,
    crown_m real,
    height_m real,
    street text NOT NULL,
    area text NOT NULL,
    district_id text REFERENCES district ON DELETE SET NULL,
    geom geometry(Point, 4326),  -- missing where the register has no position
    geom_3857 geometry(Point, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED,
    flags text[] NOT NULL DEFAULT '{}',  -- what the import found odd
    source text NOT NULL,
    first_seen_on date NOT NULL,
    last_seen_on date NOT NULL  -- the newest register that has it; 'gone' when the newest has not
);
CREATE INDEX trees_number ON trees (number);
CREATE INDEX trees_district ON trees (district_id);
CREATE INDEX trees_geom_3857 ON trees USING gist (geom_3857);

CREATE TABLE tree_inputs (
    tree_id bigint PRIMARY KEY REFERENCES trees ON DELETE CASCADE,
    site_age_years real,  -- missing: unknown
    age_source text NOT NULL CHECK (age_source IN ('register', 'girth', 'unknown')),
    pit_m2 real NOT NULL CHECK (pit_m2 > 0),
    pit_is_default boolean NOT NULL,
    soil text NOT NULL,
    soil_is_default boolean NOT NULL,
    capacity_mm real NOT NULL CHECK (capacity_mm > 0),
    catchment_m2 real NOT NULL CHECK (catchment_m2 >= 0),
    interception_share real NOT NULL CHECK (interception_share BETWEEN 0 AND 1),
    demand_factor real NOT NULL CHECK (demand_factor >= 0),
    easy_share real NOT NULL CHECK (easy_share BETWEEN 0 AND 0.99)
);

CREATE TABLE register_import (
    import_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    imported_at timestamptz NOT NULL DEFAULT now(),
    source text NOT NULL,
    rows_read integer NOT NULL,
    difference jsonb NOT NULL,  -- added, removed, renumbered, moved, changed: how many
    findings jsonb NOT NULL  -- what was odd: how many, by reason
);

CREATE TABLE sensors (
    sensor_id text PRIMARY KEY,
    device_eui text UNIQUE,  -- LoRaWAN, upper case
    tree_id bigint NOT NULL REFERENCES trees,
    depth_cm real NOT NULL CHECK (depth_cm > 0),
    wilting_vol real,  -- share of volume; for sensors of moisture, where somebody measured them
    capacity_vol real,
    simulated boolean NOT NULL DEFAULT false,
    CHECK (wilting_vol < capacity_vol)
);
CREATE INDEX sensors_tree ON sensors (tree_id);

CREATE TABLE readings (
    sensor_id text NOT NULL REFERENCES sensors,
    read_at timestamptz NOT NULL,
    depth_cm real NOT NULL,
    tension_kpa real,
    moisture_vol real,  -- share of volume
    flags text[] NOT NULL DEFAULT '{}',  -- implausible: kept, not believed
    source text NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (sensor_id, read_at, depth_cm),
    CHECK (tension_kpa IS NOT NULL OR moisture_vol IS NOT NULL)
);
CREATE INDEX readings_read_at ON readings USING brin (read_at);

CREATE TABLE waterings (
    watering_id uuid PRIMARY KEY,
    tree_id bigint NOT NULL REFERENCES trees,
    watered_at timestamptz NOT NULL,
    litres real CHECK (litres >= 0),  -- missing: nobody wrote it down, or the tree was not reached
    by_kind text NOT NULL CHECK (by_kind IN ('crew', 'citizen')),
    outcome text NOT NULL CHECK (outcome IN ('watered', 'not reachable', 'dead')),
    flags text[] NOT NULL DEFAULT '{}',
    source text NOT NULL,  -- 'api', 'csv', 'giess-den-kiez', 'tour'
    recorded_at timestamptz NOT NULL DEFAULT now(),
    CHECK ((outcome = 'watered') OR coalesce(litres, 0) = 0)
);
CREATE INDEX waterings_tree ON waterings (tree_id, watered_at DESC);
CREATE INDEX waterings_watered_at ON waterings (watered_at);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON waterings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON readings
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT, UPDATE ON trees, tree_inputs, sensors TO stadtwart_app;
GRANT SELECT, INSERT ON register_import, readings, waterings TO stadtwart_app;
