-- The city and its places. Lengths are measured in the city's own metric CRS (city.metric_srid);
-- no SRID of a city stands in the schema, so the same database serves Halle or Husum.
CREATE EXTENSION IF NOT EXISTS postgis;

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stadtwart_app') THEN
        CREATE ROLE stadtwart_app NOLOGIN;
    END IF;
    EXECUTE format('GRANT stadtwart_app TO %I', current_user);
EXCEPTION
    -- another database of the same server is being migrated at this moment
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

CREATE TABLE city (
    city_id smallint PRIMARY KEY DEFAULT 1 CHECK (city_id = 1),  -- one city per database
    name text NOT NULL,
    slug text NOT NULL,
    state text NOT NULL,
    simulated boolean NOT NULL,
    metric_srid integer NOT NULL CHECK (metric_srid > 0),
    time_zone text NOT NULL,
    licence text NOT NULL,
    source text NOT NULL,
    zone geometry(MultiPolygon, 4326) NOT NULL,  -- districts and 100 m around them
    loaded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE district (
    district_id text PRIMARY KEY,
    name text NOT NULL,
    geom geometry(MultiPolygon, 4326) NOT NULL,
    geom_m geometry(MultiPolygon) NOT NULL,  -- in city.metric_srid
    geom_3857 geometry(MultiPolygon, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX district_geom_m ON district USING gist (geom_m);
CREATE INDEX district_geom_3857 ON district USING gist (geom_3857);

CREATE TABLE street_segment (
    segment_id text PRIMARY KEY,
    name text NOT NULL,
    road_class text NOT NULL,
    district_id text REFERENCES district ON DELETE SET NULL,
    geom geometry(LineString, 4326) NOT NULL,
    geom_m geometry(LineString) NOT NULL,  -- in city.metric_srid
    geom_3857 geometry(LineString, 3857) GENERATED ALWAYS AS (ST_Transform(geom, 3857)) STORED
);
CREATE INDEX street_segment_geom_m ON street_segment USING gist (geom_m);
CREATE INDEX street_segment_geom_3857 ON street_segment USING gist (geom_3857);

GRANT SELECT ON city, district, street_segment TO stadtwart_app;
