-- A person's decisions. No work order without one: keys, a check and a trigger hold it, not a program.
CREATE TABLE verdict (
    verdict_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    damage_id bigint NOT NULL REFERENCES damage,
    verdict text NOT NULL CHECK (verdict IN ('confirmed', 'not a damage', 'unsure', 'undone')),
    reason text CHECK (length(reason) BETWEEN 1 AND 500),
    decided_by text NOT NULL CHECK (decided_by <> ''),
    decided_at timestamptz NOT NULL DEFAULT now(),
    seconds_spent integer CHECK (seconds_spent >= 0),
    previous_verdict_id bigint,  -- current until now; NULL: nobody had decided
    undoes_verdict_id bigint UNIQUE,  -- an undo is a row of its own, nothing is deleted
    UNIQUE (verdict_id, damage_id),
    UNIQUE (verdict_id, damage_id, verdict),
    FOREIGN KEY (previous_verdict_id, damage_id) REFERENCES verdict (verdict_id, damage_id),
    FOREIGN KEY (undoes_verdict_id, damage_id) REFERENCES verdict (verdict_id, damage_id),
    CHECK ((verdict = 'undone') = (undoes_verdict_id IS NOT NULL)),
    CHECK (verdict IN ('confirmed', 'undone') OR reason IS NOT NULL)
);
CREATE INDEX verdict_damage ON verdict (damage_id);

ALTER TABLE damage ADD FOREIGN KEY (current_verdict_id, damage_id)
    REFERENCES verdict (verdict_id, damage_id);

CREATE TABLE work_order (
    work_order_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    team text NOT NULL CHECK (length(team) BETWEEN 1 AND 100),
    due_on date,
    note text CHECK (length(note) <= 2000),
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'completed', 'cancelled')),
    created_by text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    closed_by text,
    closed_at timestamptz,
    closing_note text CHECK (length(closing_note) <= 2000),
    CHECK ((state = 'open') = (closed_at IS NULL)),
    CHECK ((state = 'open') = (closed_by IS NULL))
);
CREATE INDEX work_order_state ON work_order (state, created_at DESC);

CREATE TABLE work_order_damage (
    work_order_id bigint NOT NULL REFERENCES work_order,
    damage_id bigint NOT NULL REFERENCES damage,
    verdict_id bigint NOT NULL,
    verdict text NOT NULL DEFAULT 'confirmed' CHECK (verdict = 'confirmed'),
    is_active boolean NOT NULL DEFAULT true,  -- false once the order is cancelled
    PRIMARY KEY (work_order_id, damage_id),
    FOREIGN KEY (verdict_id, damage_id, verdict) REFERENCES verdict (verdict_id, damage_id, verdict)
);
CREATE UNIQUE INDEX work_order_damage_once ON work_order_damage (damage_id) WHERE is_active;

ALTER TABLE damage ADD FOREIGN KEY (work_order_id, damage_id)
    REFERENCES work_order_damage (work_order_id, damage_id);

-- A new verdict becomes the current one, if the damage still stands as its author saw it.
CREATE FUNCTION verdict_becomes_current() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before damage%ROWTYPE;
    undone verdict%ROWTYPE;
BEGIN
    SELECT * INTO before FROM damage WHERE damage_id = NEW.damage_id FOR UPDATE;
    IF before.current_verdict_id IS DISTINCT FROM NEW.previous_verdict_id THEN
        RAISE EXCEPTION 'damage % has another current verdict', NEW.damage_id
            USING ERRCODE = 'SW001';
    END IF;
    IF before.state IN ('ordered', 'repaired') THEN
        RAISE EXCEPTION 'damage % is %', NEW.damage_id, before.state USING ERRCODE = 'SW002';
    END IF;
    IF NEW.verdict = 'undone' THEN
        IF NEW.undoes_verdict_id IS DISTINCT FROM before.current_verdict_id THEN
            RAISE EXCEPTION 'verdict % is not the current one', NEW.undoes_verdict_id
                USING ERRCODE = 'SW001';
        END IF;
        SELECT * INTO undone FROM verdict WHERE verdict_id = NEW.undoes_verdict_id;
        SELECT * INTO undone FROM verdict WHERE verdict_id = undone.previous_verdict_id;
    ELSE
        undone := NEW;
    END IF;
    UPDATE damage SET
        current_verdict_id = undone.verdict_id,
        state = CASE undone.verdict
            WHEN 'confirmed' THEN 'confirmed'
            WHEN 'not a damage' THEN 'dismissed'
            WHEN 'unsure' THEN 'unsure'
            ELSE 'waiting'
        END
    WHERE damage_id = NEW.damage_id;
    RETURN NULL;
END $$;
CREATE TRIGGER becomes_current AFTER INSERT ON verdict
    FOR EACH ROW EXECUTE FUNCTION verdict_becomes_current();

-- The key proves that somebody once confirmed; this proves that it is still what people say.
CREATE FUNCTION order_needs_current_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing damage%ROWTYPE;
BEGIN
    SELECT * INTO standing FROM damage WHERE damage_id = NEW.damage_id FOR UPDATE;
    IF standing.current_verdict_id IS DISTINCT FROM NEW.verdict_id THEN
        RAISE EXCEPTION 'damage % has no current verdict "confirmed"', NEW.damage_id
            USING ERRCODE = 'SW003';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER needs_current_verdict
    BEFORE INSERT OR UPDATE OF damage_id, verdict_id ON work_order_damage
    FOR EACH ROW EXECUTE FUNCTION order_needs_current_verdict();

-- For tables that only grow: refuses even the owner.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'SW004';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON verdict
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON verdict, work_order, work_order_damage TO stadtwart_app;
GRANT UPDATE (state, closed_by, closed_at, closing_note) ON work_order TO stadtwart_app;
GRANT UPDATE (is_active) ON work_order_damage TO stadtwart_app;
