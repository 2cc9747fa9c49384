-- Model cards as they were verified, and the gate: no model counts without a person's approval.
CREATE TABLE model_card (
    card_sha256 text PRIMARY KEY CHECK (card_sha256 ~ '^[0-9a-f]{64}$'),  -- of card.json as shipped
    system text NOT NULL CHECK (system IN ('detector', 'watering')),
    name text NOT NULL CHECK (name <> ''),
    model_version text NOT NULL CHECK (model_version <> ''),
    model_sha256 text NOT NULL CHECK (model_sha256 ~ '^[0-9a-f]{64}$'),  -- what the card vouches for
    file_sha256 text NOT NULL CHECK (file_sha256 ~ '^[0-9a-f]{64}$'),  -- what was measured
    folder text NOT NULL,  -- where the file was found, inside the program
    body jsonb NOT NULL,
    trained_by text NOT NULL CHECK (trained_by <> ''),  -- 'supplier', or a person's reference
    trained_by_person_id uuid,  -- references change with the year, people do not
    registered_by text NOT NULL CHECK (registered_by <> ''),
    registered_at timestamptz NOT NULL DEFAULT now(),
    event_id uuid NOT NULL,
    UNIQUE (card_sha256, model_sha256)
);
CREATE INDEX model_card_model ON model_card (model_sha256);

CREATE TABLE model_activation (
    activation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    system text NOT NULL,
    model_sha256 text NOT NULL,
    card_sha256 text NOT NULL,
    file_sha256 text NOT NULL,  -- measured by the service just before
    decided_by text NOT NULL
        CONSTRAINT decided_by_a_person
        CHECK (decided_by ~ '^([a-z][a-z_-]{0,19}:)?(token|[0-9a-f]{8,64})$'),
    decided_by_person_id uuid,
    actor_kind text NOT NULL CHECK (actor_kind = 'person'),
    decided_at timestamptz NOT NULL DEFAULT now(),
    seconds_spent integer CHECK (seconds_spent >= 0),
    is_simulated boolean NOT NULL DEFAULT false,
    shown_as text CHECK (length(shown_as) BETWEEN 1 AND 100),
    event_id uuid NOT NULL,
    CHECK (shown_as IS NULL OR is_simulated)  -- names of real people do not stand here
);
CREATE INDEX model_activation_model ON model_activation (model_sha256);

CREATE TABLE model_retirement (
    activation_id bigint PRIMARY KEY REFERENCES model_activation,
    decided_by text NOT NULL
        CHECK (decided_by ~ '^([a-z][a-z_-]{0,19}:)?(token|[0-9a-f]{8,64})$'),
    decided_at timestamptz NOT NULL DEFAULT now(),
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    event_id uuid NOT NULL
);

CREATE VIEW model_active AS
SELECT model_activation.* FROM model_activation
WHERE NOT EXISTS (
    SELECT FROM model_retirement
    WHERE model_retirement.activation_id = model_activation.activation_id
);

CREATE FUNCTION model_is_active(wanted_sha256 text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM model_active WHERE model_sha256 = wanted_sha256)
$$;

-- Each refusal has its own code, so that the program can log which it was. A model whose card was
-- written anew (a figure added, a limit named) is approved again, by its new card.
CREATE FUNCTION model_activation_is_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    card model_card%ROWTYPE;
    stops text;
BEGIN
    SELECT * INTO card FROM model_card WHERE card_sha256 = NEW.card_sha256;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'model % has no verified card', NEW.model_sha256 USING ERRCODE = 'SW033';
    END IF;
    IF NEW.file_sha256 <> NEW.model_sha256 OR card.model_sha256 <> NEW.model_sha256
        OR card.file_sha256 <> NEW.model_sha256 OR card.system <> NEW.system
    THEN
        RAISE EXCEPTION 'file % is not what card % vouches for (%)',
            NEW.file_sha256, NEW.card_sha256, card.model_sha256 USING ERRCODE = 'SW034';
    END IF;
    IF NEW.decided_by = card.trained_by OR NEW.decided_by_person_id = card.trained_by_person_id THEN
        RAISE EXCEPTION 'who trained model % does not approve it', NEW.model_sha256
            USING ERRCODE = 'SW035';
    END IF;
    IF NOT EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (record_id) body FROM register_version
            ORDER BY record_id, version DESC
        ) AS newest
        WHERE body -> 'models' @> jsonb_build_array(
            jsonb_build_object('model_sha256', NEW.model_sha256)
        )
    ) THEN
        RAISE EXCEPTION 'no register record names model %', NEW.model_sha256
            USING ERRCODE = 'SW036';
    END IF;
    IF is_stopped(NEW.system) THEN
        RAISE EXCEPTION 'an incident stops the system %', NEW.system USING ERRCODE = 'SW037';
    END IF;
    SELECT string_agg(rule, ', ') INTO stops FROM guideline_stops('activation') AS rule;
    IF stops IS NOT NULL THEN
        RAISE EXCEPTION 'the guideline stops activation: %', stops USING ERRCODE = 'SW032';
    END IF;
    IF EXISTS (SELECT FROM model_active WHERE card_sha256 = NEW.card_sha256) THEN
        RAISE EXCEPTION 'model % is active already', NEW.model_sha256 USING ERRCODE = 'SW038';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_allowed BEFORE INSERT ON model_activation
    FOR EACH ROW EXECUTE FUNCTION model_activation_is_allowed();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON model_card
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON model_activation
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON model_retirement
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON model_card, model_activation, model_retirement TO stadtwart_app;
GRANT SELECT ON model_active TO stadtwart_app;
