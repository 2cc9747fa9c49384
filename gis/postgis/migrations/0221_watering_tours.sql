-- Watering tours: only of an approved plan, only its trees. Held by keys and triggers.
CREATE TABLE tour_run (
    job_id uuid PRIMARY KEY,
    plan_id bigint NOT NULL REFERENCES watering_plan,
    approval_id bigint NOT NULL,
    approval_kind text NOT NULL DEFAULT 'approved' CHECK (approval_kind = 'approved'),
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'computing', 'ready', 'failed')),
    progress real NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 1),
    reason text,
    failed_tour_id bigint,  -- re-planning after this tour's vehicle failed
    asked_by text NOT NULL,
    asked_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz,
    solver text,
    driving_times text,
    FOREIGN KEY (approval_id, plan_id, approval_kind)
        REFERENCES plan_decision (decision_id, plan_id, kind)
);
CREATE UNIQUE INDEX tour_run_one_at_a_time ON tour_run (plan_id)
    WHERE state IN ('waiting', 'computing');

CREATE TABLE tour (
    tour_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    job_id uuid NOT NULL REFERENCES tour_run,
    plan_id bigint NOT NULL REFERENCES watering_plan,
    approval_id bigint NOT NULL,
    approval_kind text NOT NULL DEFAULT 'approved' CHECK (approval_kind = 'approved'),
    vehicle_id text NOT NULL REFERENCES watering_vehicle,
    state text NOT NULL DEFAULT 'planned'
        CHECK (state IN ('planned', 'driving', 'done', 'failed', 'replaced', 'withdrawn')),
    begins_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL CHECK (ends_at >= begins_at),
    begins_full_l integer NOT NULL,  -- water in the tank at the start
    litres integer NOT NULL,
    length_m real NOT NULL,
    line geometry(LineString, 4326),
    failed_after_seq integer,
    failed_reason text,
    made_at timestamptz NOT NULL DEFAULT now(),
    UNIQUE (tour_id, plan_id),
    FOREIGN KEY (approval_id, plan_id, approval_kind)
        REFERENCES plan_decision (decision_id, plan_id, kind)
);
CREATE INDEX tour_plan ON tour (plan_id);

CREATE TABLE tour_stop (
    tour_id bigint NOT NULL,
    plan_id bigint NOT NULL,
    seq integer NOT NULL CHECK (seq >= 0),
    kind text NOT NULL CHECK (kind IN ('depot', 'refill', 'tree')),
    tree_id bigint,
    part integer NOT NULL DEFAULT 1,
    parts integer NOT NULL DEFAULT 1,
    name text NOT NULL,  -- of the refill point; empty otherwise
    litres integer NOT NULL CHECK (litres >= 0),
    arrives_at timestamptz NOT NULL,
    leaves_at timestamptz NOT NULL,
    geom geometry(Point, 4326) NOT NULL,
    PRIMARY KEY (tour_id, seq),
    FOREIGN KEY (tour_id, plan_id) REFERENCES tour (tour_id, plan_id),
    FOREIGN KEY (plan_id, tree_id) REFERENCES watering_plan_stop (plan_id, tree_id),
    CHECK ((kind = 'tree') = (tree_id IS NOT NULL))
);
CREATE INDEX tour_stop_tree ON tour_stop (tree_id) WHERE tree_id IS NOT NULL;

CREATE TABLE tour_unserved (
    job_id uuid NOT NULL REFERENCES tour_run,
    tree_id bigint NOT NULL REFERENCES trees,
    why text NOT NULL,
    reason_de text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (job_id, tree_id)
);

CREATE TABLE tour_report (
    report_id uuid PRIMARY KEY,
    tour_id bigint NOT NULL REFERENCES tour,
    tree_id bigint NOT NULL REFERENCES trees,
    outcome text NOT NULL CHECK (outcome IN ('watered', 'not reachable', 'dead')),
    litres real CHECK (litres >= 0),
    reported_at timestamptz NOT NULL,  -- by the phone, when it happened
    note text CHECK (length(note) <= 500),
    body_sha256 text NOT NULL CHECK (body_sha256 ~ '^[0-9a-f]{64}$'),
    received_at timestamptz NOT NULL DEFAULT now(),
    received_from text NOT NULL,
    CHECK ((outcome = 'watered') = (litres IS NOT NULL))
);
CREATE INDEX tour_report_tree ON tour_report (tree_id, reported_at DESC);
CREATE INDEX tour_report_tour ON tour_report (tour_id);
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tour_report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A crew says a tree is dead; a person looks before anything happens to it.
CREATE TABLE tree_inspection (
    inspection_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tree_id bigint NOT NULL REFERENCES trees,
    report_id uuid NOT NULL UNIQUE REFERENCES tour_report,
    asked_at timestamptz NOT NULL DEFAULT now(),
    outcome text CHECK (outcome IN ('dead', 'alive')),
    inspected_by text,
    inspected_at timestamptz,
    note text CHECK (length(note) <= 500),
    CHECK ((outcome IS NULL) = (inspected_at IS NULL)),
    CHECK ((outcome IS NULL) = (inspected_by IS NULL))
);
CREATE INDEX tree_inspection_open ON tree_inspection (tree_id) WHERE inspected_at IS NULL;

-- The key proves that somebody once approved; this proves that it is still what people say.
CREATE FUNCTION tour_needs_approval() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing watering_plan%ROWTYPE;
BEGIN
    SELECT * INTO standing FROM watering_plan WHERE plan_id = NEW.plan_id FOR UPDATE;
    IF standing.approval_id IS DISTINCT FROM NEW.approval_id
        OR standing.state NOT IN ('approved', 'on tour') THEN
        RAISE EXCEPTION 'plan % is %: no tour without a person''s approval', NEW.plan_id,
            standing.state USING ERRCODE = 'SW222';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER needs_approval BEFORE INSERT OR UPDATE OF plan_id, approval_id ON tour
    FOR EACH ROW EXECUTE FUNCTION tour_needs_approval();
CREATE TRIGGER needs_approval BEFORE INSERT OR UPDATE OF plan_id, approval_id ON tour_run
    FOR EACH ROW EXECUTE FUNCTION tour_needs_approval();

CREATE FUNCTION tour_stop_needs_plan() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    planned watering_plan_stop%ROWTYPE;
BEGIN
    IF NEW.kind = 'tree' THEN
        SELECT * INTO planned FROM watering_plan_stop
        WHERE plan_id = NEW.plan_id AND tree_id = NEW.tree_id;
        IF NOT planned.is_included OR NEW.litres > planned.litres THEN
            RAISE EXCEPTION 'tree % with % L is not what plan % approved', NEW.tree_id, NEW.litres,
                NEW.plan_id USING ERRCODE = 'SW222';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER needs_plan BEFORE INSERT OR UPDATE ON tour_stop
    FOR EACH ROW EXECUTE FUNCTION tour_stop_needs_plan();

GRANT SELECT, INSERT ON tour_run, tour, tour_stop, tour_unserved, tour_report, tree_inspection
    TO stadtwart_app;
GRANT UPDATE (state, progress, reason, ended_at, solver, driving_times) ON tour_run
    TO stadtwart_app;
GRANT UPDATE (state, failed_after_seq, failed_reason) ON tour TO stadtwart_app;
GRANT UPDATE (outcome, inspected_by, inspected_at, note) ON tree_inspection TO stadtwart_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO stadtwart_app;
