-- What trucks send. A batch and its sightings enter in one statement; merging fills the rest.
CREATE TABLE batch (
    batch_id uuid PRIMARY KEY,
    device_id text NOT NULL,
    content_sha256 text NOT NULL,  -- of device and sightings: tells a repeat from another batch
    sightings integer NOT NULL,
    sent_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE sighting (
    sighting_id uuid PRIMARY KEY,
    batch_id uuid NOT NULL REFERENCES batch,
    seen_at timestamptz NOT NULL,
    longitude_deg double precision NOT NULL,
    latitude_deg double precision NOT NULL,
    position_error_m double precision NOT NULL,
    heading_deg double precision,
    damage_class text NOT NULL,
    confidence double precision NOT NULL,
    frames integer NOT NULL,
    area_m2 double precision,
    area_error_m2 double precision,
    model_sha256 text NOT NULL,
    simulated boolean NOT NULL,
    picture_sha256 text,  -- announced by the mask receipt
    mask_receipt jsonb,
    received_at timestamptz NOT NULL DEFAULT now(),
    state text NOT NULL DEFAULT 'new' CHECK (state IN ('new', 'merged', 'quarantined')),
    quarantine_reason text,
    damage_id bigint,
    x_m double precision,  -- in city.metric_srid, filled by merging
    y_m double precision,
    CHECK ((state = 'merged') = (damage_id IS NOT NULL)),
    CHECK ((state = 'quarantined') = (quarantine_reason IS NOT NULL)),
    CHECK ((picture_sha256 IS NULL) = (mask_receipt IS NULL))
) WITH (fillfactor = 80);  -- merging updates every row once, in place
CREATE INDEX sighting_new ON sighting (received_at, sighting_id) WHERE state = 'new';
CREATE INDEX sighting_picture ON sighting (picture_sha256) WHERE picture_sha256 IS NOT NULL;
CREATE INDEX sighting_damage ON sighting (damage_id) WHERE damage_id IS NOT NULL;

CREATE TABLE picture (
    sha256 text PRIMARY KEY,  -- as announced and sent; `jpeg` is our re-encoding of it
    jpeg bytea NOT NULL,
    width_px integer NOT NULL,
    height_px integer NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE picture ALTER COLUMN jpeg SET STORAGE EXTERNAL;  -- JPEG does not compress again

CREATE TABLE heartbeat (
    heartbeat_id uuid PRIMARY KEY,
    device_id text NOT NULL,
    sent_at timestamptz NOT NULL,
    received_at timestamptz NOT NULL DEFAULT now(),
    body jsonb NOT NULL
);
CREATE INDEX heartbeat_device ON heartbeat (device_id, received_at);

GRANT SELECT, INSERT ON batch, picture, heartbeat TO stadtwart_app;
GRANT SELECT, INSERT ON sighting TO stadtwart_app;
GRANT UPDATE (state, quarantine_reason, damage_id, x_m, y_m) ON sighting TO stadtwart_app;
