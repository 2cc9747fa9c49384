-- The thing on the road. Its anchor (x_m, y_m, cell) never moves: matching relies on it.
-- What people see (longitude, latitude) is the place of the most exact sighting so far.
CREATE TABLE damage (
    damage_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    damage_class text NOT NULL CHECK (damage_class IN ('D00', 'D10', 'D20', 'D40')),
    state text NOT NULL DEFAULT 'waiting' CHECK (
        state IN ('waiting', 'confirmed', 'dismissed', 'unsure', 'ordered', 'repaired')
    ),
    anchor_sighting_id uuid NOT NULL UNIQUE REFERENCES sighting,
    x_m double precision NOT NULL,
    y_m double precision NOT NULL,
    cell bigint NOT NULL,  -- packed by gis.matching: class and 16 m cell
    longitude_deg double precision NOT NULL,
    latitude_deg double precision NOT NULL,
    position_error_m double precision NOT NULL,
    geom_3857 geometry(Point, 3857) GENERATED ALWAYS AS (
        ST_Transform(ST_SetSRID(ST_MakePoint(longitude_deg, latitude_deg), 4326), 3857)
    ) STORED,
    sightings integer NOT NULL DEFAULT 0,
    suppressed integer NOT NULL DEFAULT 0,  -- sightings that came after "not a damage"
    first_seen_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    confidence double precision NOT NULL,  -- of the surest sighting, like model and made_at
    model_sha256 text NOT NULL,
    made_at timestamptz NOT NULL,
    simulated boolean NOT NULL,
    area_m2 double precision,  -- of the sighting with the smallest error
    area_error_m2 double precision,
    picture_sighting_id uuid REFERENCES sighting,  -- the surest one with a picture
    segment_id text REFERENCES street_segment ON DELETE SET NULL,
    district_id text REFERENCES district ON DELETE SET NULL,
    current_verdict_id bigint,
    work_order_id bigint,
    repaired_at timestamptz,
    CHECK ((state = 'waiting') = (current_verdict_id IS NULL)),
    CHECK ((state IN ('ordered', 'repaired')) = (work_order_id IS NOT NULL)),
    CHECK ((state = 'repaired') = (repaired_at IS NOT NULL))
) WITH (fillfactor = 80);
CREATE INDEX damage_cell ON damage (cell);
CREATE INDEX damage_state ON damage (state, last_seen_at DESC);
CREATE INDEX damage_geom_3857 ON damage USING gist (geom_3857);
CREATE INDEX damage_segment ON damage (segment_id);
CREATE INDEX damage_district ON damage (district_id);

ALTER TABLE sighting ADD FOREIGN KEY (damage_id) REFERENCES damage;

GRANT SELECT, INSERT, UPDATE ON damage TO stadtwart_app;
