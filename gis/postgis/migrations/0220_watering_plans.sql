-- Watering plans. The machine drafts, a person decides; keys, checks and triggers hold it.
CREATE TABLE watering_profile (
    city_id smallint PRIMARY KEY DEFAULT 1 CHECK (city_id = 1),
    profile jsonb NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE watering_vehicle (
    vehicle_id text PRIMARY KEY,
    name text NOT NULL,
    tank_l integer NOT NULL CHECK (tank_l > 0),
    crew_hours_h real NOT NULL CHECK (crew_hours_h > 0),
    depot geometry(Point, 4326) NOT NULL,
    is_working boolean NOT NULL DEFAULT true,
    is_in_profile boolean NOT NULL DEFAULT true
);

CREATE TABLE refill_point (
    refill_id text PRIMARY KEY,
    name text NOT NULL,
    flow_l_min real NOT NULL CHECK (flow_l_min > 0),
    setup_min real NOT NULL CHECK (setup_min >= 0),
    geom geometry(Point, 4326) NOT NULL
);

CREATE TABLE watering_plan (
    plan_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version integer NOT NULL DEFAULT 1,  -- grows with each change; who decides names what they saw
    for_day date NOT NULL,
    state text NOT NULL DEFAULT 'draft'
        CHECK (state IN ('draft', 'approved', 'rejected', 'on tour', 'done')),
    made_at timestamptz NOT NULL DEFAULT now(),
    asked_by text NOT NULL CHECK (asked_by <> ''),
    night_run_id bigint REFERENCES night_runs (run_id),  -- missing: drafted by rule alone
    model_sha256 text CHECK (model_sha256 ~ '^[0-9a-f]{64}$'),
    method text NOT NULL,  -- in words, for the label
    digest text NOT NULL CHECK (digest ~ '^[0-9a-f]{64}$'),  -- sha256 of the machine's proposal
    simulated boolean NOT NULL,
    budget_l real CHECK (budget_l >= 0),
    hours_h real CHECK (hours_h >= 0),
    vehicle_ids text[] NOT NULL,
    approval_id bigint,
    approval_kind text NOT NULL DEFAULT 'approved' CHECK (approval_kind = 'approved'),
    CHECK ((state IN ('approved', 'on tour', 'done')) = (approval_id IS NOT NULL))
);
CREATE INDEX watering_plan_day ON watering_plan (for_day DESC, plan_id DESC);

CREATE TABLE watering_plan_stop (
    plan_id bigint NOT NULL REFERENCES watering_plan,
    tree_id bigint NOT NULL REFERENCES trees,
    litres integer NOT NULL CHECK (litres > 0),
    litres_low integer NOT NULL,
    litres_high integer NOT NULL,
    machine_litres integer,  -- missing: a person put the tree on the plan
    litres_source_de text NOT NULL,
    litres_source_en text NOT NULL,
    urgency text NOT NULL CHECK (urgency IN ('urgent', 'act', 'good', 'unknown')),
    rew_q50 real,
    dry_earliest date,
    dry_likely date,
    dry_latest date,
    reason_de text NOT NULL,
    reason_en text NOT NULL,
    rank integer NOT NULL,
    is_included boolean NOT NULL DEFAULT true,
    is_changed boolean NOT NULL DEFAULT false,
    change_reason text,
    PRIMARY KEY (plan_id, tree_id)
);

CREATE TABLE watering_plan_left_out (
    plan_id bigint NOT NULL REFERENCES watering_plan,
    tree_id bigint NOT NULL REFERENCES trees,
    urgency text NOT NULL,
    litres integer NOT NULL,
    why text NOT NULL,
    reason_de text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (plan_id, tree_id)
);

CREATE TABLE plan_decision (
    decision_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    plan_id bigint NOT NULL REFERENCES watering_plan,
    kind text NOT NULL CHECK (kind IN ('changed', 'approved', 'rejected', 'undone')),
    seen_version integer NOT NULL,
    tree_id bigint REFERENCES trees,
    reason text CHECK (length(reason) BETWEEN 1 AND 500),
    decided_by text NOT NULL CHECK (decided_by <> ''),
    decided_at timestamptz NOT NULL DEFAULT now(),
    seconds_spent integer CHECK (seconds_spent >= 0),
    undoes_decision_id bigint UNIQUE,
    UNIQUE (decision_id, plan_id, kind),
    CHECK ((kind = 'changed') = (tree_id IS NOT NULL)),
    CHECK (kind IN ('approved', 'undone') OR reason IS NOT NULL),
    CHECK ((kind = 'undone') = (undoes_decision_id IS NOT NULL))
);
CREATE INDEX plan_decision_plan ON plan_decision (plan_id, decision_id);

ALTER TABLE watering_plan ADD FOREIGN KEY (approval_id, plan_id, approval_kind)
    REFERENCES plan_decision (decision_id, plan_id, kind);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON plan_decision
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- A decision moves the plan, if the plan still stands as its author saw it.
CREATE FUNCTION plan_decision_takes_effect() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before watering_plan%ROWTYPE;
BEGIN
    SELECT * INTO before FROM watering_plan WHERE plan_id = NEW.plan_id FOR UPDATE;
    IF before.version <> NEW.seen_version THEN
        RAISE EXCEPTION 'plan % is at version %, not %', NEW.plan_id, before.version,
            NEW.seen_version USING ERRCODE = 'SW220';
    END IF;
    IF NEW.kind = 'undone' THEN
        IF before.state <> 'approved' OR NEW.undoes_decision_id <> before.approval_id THEN
            RAISE EXCEPTION 'plan % is %: no approval to take back', NEW.plan_id, before.state
                USING ERRCODE = 'SW221';
        END IF;
    ELSIF before.state <> 'draft' THEN
        RAISE EXCEPTION 'plan % is % already', NEW.plan_id, before.state USING ERRCODE = 'SW221';
    END IF;
    UPDATE watering_plan SET
        version = version + 1,
        state = CASE NEW.kind
            WHEN 'approved' THEN 'approved' WHEN 'rejected' THEN 'rejected' ELSE 'draft' END,
        approval_id = CASE WHEN NEW.kind = 'approved' THEN NEW.decision_id END
    WHERE plan_id = NEW.plan_id;
    RETURN NULL;
END $$;
CREATE TRIGGER takes_effect AFTER INSERT ON plan_decision
    FOR EACH ROW EXECUTE FUNCTION plan_decision_takes_effect();

-- What a person approved stays as it was approved.
CREATE FUNCTION plan_stop_only_in_draft() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing text;
BEGIN
    SELECT state INTO standing FROM watering_plan WHERE plan_id = coalesce(NEW.plan_id, OLD.plan_id)
        FOR UPDATE;
    IF standing <> 'draft' THEN
        RAISE EXCEPTION 'plan % is %: its trees no longer change',
            coalesce(NEW.plan_id, OLD.plan_id), standing USING ERRCODE = 'SW221';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER only_in_draft BEFORE INSERT OR UPDATE OR DELETE ON watering_plan_stop
    FOR EACH ROW EXECUTE FUNCTION plan_stop_only_in_draft();

GRANT SELECT ON watering_profile, refill_point TO stadtwart_app;
GRANT SELECT, UPDATE (is_working) ON watering_vehicle TO stadtwart_app;
GRANT SELECT, INSERT ON watering_plan, watering_plan_left_out, plan_decision TO stadtwart_app;
GRANT UPDATE (version, state, approval_id) ON watering_plan TO stadtwart_app;
GRANT SELECT, INSERT, UPDATE ON watering_plan_stop TO stadtwart_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO stadtwart_app;
