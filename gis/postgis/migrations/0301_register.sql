-- The AI register: versions are only added; published is what a person published, and only complete.
CREATE TABLE register_record (
    record_id text PRIMARY KEY CHECK (record_id ~ '^[a-z][a-z0-9-]{1,39}$'),
    begun_at timestamptz NOT NULL DEFAULT now()
);

-- All six aspects, each with chance, risk, measure, what remains, evidence, reviewer and day.
CREATE FUNCTION register_gaps(body jsonb) RETURNS SETOF text LANGUAGE sql IMMUTABLE AS $$
    SELECT aspect || '.' || part
    FROM unnest(ARRAY['economic', 'ethical', 'ecological', 'energy', 'privacy', 'social']) AS aspect
    CROSS JOIN unnest(
        ARRAY['chance', 'risk', 'measure', 'residual', 'evidence', 'reviewer', 'date']
    ) AS part
    WHERE coalesce(
        CASE jsonb_typeof(body #> ARRAY['aspects', aspect, part])
            WHEN 'string' THEN btrim(body #>> ARRAY['aspects', aspect, part]) = ''
            WHEN 'object' THEN
                coalesce(btrim(body #>> ARRAY['aspects', aspect, part, 'de']), '') = ''
                OR coalesce(btrim(body #>> ARRAY['aspects', aspect, part, 'en']), '') = ''
            WHEN 'array' THEN jsonb_array_length(body #> ARRAY['aspects', aspect, part]) = 0
            ELSE true
        END, true)
    UNION ALL
    SELECT field
    FROM unnest(ARRAY['name', 'description', 'contact', 'legal_basis', 'next_review']) AS field
    WHERE coalesce(body ->> field, '') IN ('', '{}', '[]')
$$;

CREATE TABLE register_version (
    record_id text NOT NULL REFERENCES register_record,
    version integer NOT NULL CHECK (version > 0),
    body jsonb NOT NULL,
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),  -- of the body's canonical JSON
    written_by text NOT NULL CHECK (written_by <> ''),
    written_at timestamptz NOT NULL DEFAULT now(),
    event_id uuid NOT NULL,
    PRIMARY KEY (record_id, version),
    UNIQUE (record_id, version, sha256),
    CHECK (body ->> 'record_id' = record_id)
);

CREATE FUNCTION register_version_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    newest integer;
BEGIN
    PERFORM FROM register_record WHERE record_id = NEW.record_id FOR UPDATE;
    SELECT coalesce(max(version), 0) INTO newest
    FROM register_version WHERE record_id = NEW.record_id;
    IF NEW.version <> newest + 1 THEN
        RAISE EXCEPTION 'record % stands at version %, not %', NEW.record_id, newest, NEW.version - 1
            USING ERRCODE = 'SW030';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER follows BEFORE INSERT ON register_version
    FOR EACH ROW EXECUTE FUNCTION register_version_follows();

CREATE TABLE register_publication (
    publication_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    record_id text NOT NULL,
    version integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('published', 'withdrawn')),
    decided_by text NOT NULL
        CONSTRAINT decided_by_a_person
        CHECK (decided_by ~ '^([a-z][a-z_-]{0,19}:)?(token|[0-9a-f]{8,64})$'),
    actor_kind text NOT NULL CHECK (actor_kind = 'person'),
    decided_at timestamptz NOT NULL DEFAULT now(),
    reason text CHECK (length(reason) BETWEEN 1 AND 500),
    is_simulated boolean NOT NULL DEFAULT false,
    shown_as text CHECK (length(shown_as) BETWEEN 1 AND 100),
    event_id uuid NOT NULL,
    FOREIGN KEY (record_id, version) REFERENCES register_version (record_id, version),
    CHECK (shown_as IS NULL OR is_simulated)  -- names of real people do not stand here
);
CREATE INDEX register_publication_record ON register_publication (record_id, publication_id DESC);

CREATE FUNCTION register_publication_is_complete() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gaps text;
    stops text;
BEGIN
    IF NEW.kind = 'withdrawn' THEN
        RETURN NEW;
    END IF;
    SELECT string_agg(gap, ', ') INTO gaps
    FROM register_version, register_gaps(body) AS gap
    WHERE record_id = NEW.record_id AND version = NEW.version;
    IF gaps IS NOT NULL THEN
        RAISE EXCEPTION 'record % is not complete: %', NEW.record_id, gaps USING ERRCODE = 'SW031';
    END IF;
    SELECT string_agg(rule, ', ') INTO stops FROM guideline_stops('publication') AS rule;
    IF stops IS NOT NULL THEN
        RAISE EXCEPTION 'the guideline stops publication: %', stops USING ERRCODE = 'SW032';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_complete BEFORE INSERT ON register_publication
    FOR EACH ROW EXECUTE FUNCTION register_publication_is_complete();

-- What the public sees: the version published last, unless withdrawn since.
CREATE VIEW register_public AS
SELECT record_id, version, body, sha256, decided_at AS published_at, is_simulated, shown_as,
    published.event_id
FROM (
    SELECT DISTINCT ON (record_id) * FROM register_publication
    ORDER BY record_id, publication_id DESC
) AS published
JOIN register_version USING (record_id, version)
WHERE kind = 'published';

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON register_version
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON register_publication
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- UPDATE: a row lock while a version follows
GRANT SELECT, INSERT, UPDATE ON register_record TO stadtwart_app;
GRANT SELECT, INSERT ON register_version, register_publication TO stadtwart_app;
GRANT SELECT ON register_public TO stadtwart_app;
