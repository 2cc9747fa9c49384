-- The audit log: each event of the outbox once, in an order that is hashed, signed and published.
-- Rows are only ever added. Full tiles are stored; what is partial follows from entries and roots.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stadtwart_sequencer') THEN
        CREATE ROLE stadtwart_sequencer NOLOGIN;
    END IF;
    EXECUTE format('GRANT stadtwart_sequencer TO %I', current_user);
EXCEPTION
    -- another database of the same server is being migrated at this moment
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

-- An entry's length is published in two bytes; what does not fit is refused with its effect.
ALTER TABLE audit_outbox ADD CONSTRAINT body_fits_entry
    CHECK (octet_length(body) BETWEEN 1 AND 65535);

-- What waits for its place in the log, in the order of insertion. A cursor over event ids would
-- miss transactions that commit late; this queue cannot.
CREATE TABLE audit_pending (
    pending_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id uuid NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000);

INSERT INTO audit_pending (event_id) SELECT event_id FROM audit_outbox ORDER BY event_id;

-- As its owner: whoever may write an event may not touch the queue in any other way.
CREATE FUNCTION audit_event_waits() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO audit_pending (event_id) SELECT event_id FROM fresh ORDER BY event_id;
    RETURN NULL;
END $$;
CREATE TRIGGER waits_for_the_log AFTER INSERT ON audit_outbox
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION audit_event_waits();

CREATE TABLE audit_log (  -- one a year, and a new one after a restore; the last row is open
    log_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    origin text NOT NULL UNIQUE CHECK (origin ~ '^[^[:space:]+]+$'),
    vkey text NOT NULL,
    opened_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE audit_entry (
    log_id integer NOT NULL,  -- no foreign key: its check for each row halves the throughput
    seq bigint NOT NULL CHECK (seq >= 0),
    event_id uuid NOT NULL UNIQUE,  -- the body lies in audit_outbox, once
    leaf_hash bytea NOT NULL CHECK (octet_length(leaf_hash) = 32),
    PRIMARY KEY (log_id, seq)
);

CREATE TABLE audit_tile (  -- full tiles alone: they never change
    log_id integer NOT NULL REFERENCES audit_log,
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    tile_index bigint NOT NULL CHECK (tile_index >= 0),
    hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
    root bytea NOT NULL CHECK (octet_length(root) = 32),
    PRIMARY KEY (log_id, level, tile_index)
);

CREATE TABLE audit_checkpoint (
    log_id integer NOT NULL REFERENCES audit_log,
    size bigint NOT NULL CHECK (size >= 0),
    note text NOT NULL,  -- signed, as published
    signed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (log_id, size)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_tile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON audit_log, audit_entry, audit_tile, audit_checkpoint TO stadtwart_sequencer;
GRANT SELECT, INSERT ON audit_outbox TO stadtwart_sequencer;
GRANT SELECT, DELETE ON audit_pending TO stadtwart_sequencer;
GRANT SELECT ON city TO stadtwart_sequencer;
GRANT SELECT ON audit_log, audit_entry, audit_tile, audit_checkpoint TO stadtwart_app;
