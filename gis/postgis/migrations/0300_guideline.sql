-- Results of the guideline's checks, and what a failed hard rule stops until a person lifts it.
CREATE TABLE guideline_run (
    run_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    checked_at timestamptz NOT NULL DEFAULT now(),
    guideline_version text NOT NULL,
    guideline_sha256 text NOT NULL CHECK (guideline_sha256 ~ '^[0-9a-f]{64}$'),
    event_id uuid NOT NULL  -- the audit event of this run
);

CREATE TABLE guideline_result (
    run_id bigint NOT NULL REFERENCES guideline_run,
    rule_id text NOT NULL CHECK (rule_id ~ '^[a-z][a-z-]{1,39}$'),
    status text NOT NULL CHECK (status IN ('pass', 'fail', 'unknown')),
    is_hard boolean NOT NULL,
    guards text[] NOT NULL CHECK (guards <@ ARRAY['activation', 'publication']),
    evidence jsonb NOT NULL CHECK (jsonb_typeof(evidence) = 'array'),
    PRIMARY KEY (run_id, rule_id)
);

-- The way back: a person lifts one rule's stop until a day, in public, and the log says so.
CREATE TABLE rule_lifting (
    lifting_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    rule_id text NOT NULL CHECK (rule_id ~ '^[a-z][a-z-]{1,39}$'),
    lifted_by text NOT NULL CHECK (lifted_by ~ '^([a-z][a-z_-]{0,19}:)?(token|[0-9a-f]{8,64})$'),
    lifted_at timestamptz NOT NULL DEFAULT now(),
    until timestamptz NOT NULL,
    reason text NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
    ended_at timestamptz,
    ended_by text,
    event_id uuid NOT NULL,
    CHECK (until > lifted_at AND until <= lifted_at + interval '31 days'),
    CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);

-- Hard rules that stop this action now; 'never-checked' and 'check-too-old' are such rules too.
-- A status of 'unknown' stops as well: what nobody can check is not kept.
CREATE FUNCTION guideline_stops(action text) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    WITH newest AS (SELECT * FROM guideline_run ORDER BY run_id DESC LIMIT 1)
    SELECT 'never-checked' WHERE NOT EXISTS (SELECT FROM newest)
    UNION ALL
    SELECT 'check-too-old' FROM newest WHERE checked_at < now() - interval '48 hours'
    UNION ALL
    SELECT rule_id
    FROM guideline_result
    JOIN newest USING (run_id)
    WHERE is_hard AND status <> 'pass' AND action = ANY (guards)
        AND NOT EXISTS (
            SELECT FROM rule_lifting
            WHERE rule_lifting.rule_id = guideline_result.rule_id
                AND until > now() AND ended_at IS NULL
        )
$$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guideline_run
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON guideline_result
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON rule_lifting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON guideline_run, guideline_result, rule_lifting TO stadtwart_app;
GRANT UPDATE (ended_at, ended_by) ON rule_lifting TO stadtwart_app;
