-- What the log refers to and may have to be forgotten: keys of people's references, sealed payloads.
-- Keys and what they lock are two tables: only the keys need the short backup cycle.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'stadtwart_keeper') THEN
        CREATE ROLE stadtwart_keeper NOLOGIN;
    END IF;
    EXECUTE format('GRANT stadtwart_keeper TO %I', current_user);
EXCEPTION
    -- another database of the same server is being migrated at this moment
    WHEN duplicate_object OR unique_violation THEN NULL;
END $$;

CREATE TABLE person_key (  -- without its key a reference leads to nobody
    person_id uuid NOT NULL,
    year smallint NOT NULL CHECK (year BETWEEN 2000 AND 9999),
    key bytea NOT NULL CHECK (octet_length(key) = 32),
    made_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (person_id, year)
);

CREATE TABLE sealed_payload (
    payload_id uuid PRIMARY KEY,
    commitment bytea NOT NULL UNIQUE CHECK (octet_length(commitment) = 32),  -- stands in the log
    sealed bytea NOT NULL,  -- nonce and AES-256-GCM of salt and text
    sealed_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE payload_key (
    payload_id uuid PRIMARY KEY REFERENCES sealed_payload ON DELETE CASCADE,
    key bytea NOT NULL CHECK (octet_length(key) = 32)
);

GRANT SELECT, INSERT ON person_key, sealed_payload, payload_key TO stadtwart_app;
GRANT SELECT, DELETE ON person_key, sealed_payload, payload_key TO stadtwart_keeper;
GRANT SELECT, INSERT ON audit_outbox TO stadtwart_keeper;
