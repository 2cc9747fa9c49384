-- A person decides, and another one looks again: 5 % of the verdicts, drawn by a recorded seed, seen
-- without the first verdict. What was decided faster than anybody can look is noted.
CREATE TABLE review_rule (
    rule_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    share numeric NOT NULL CHECK (share BETWEEN 0 AND 1),
    seed text NOT NULL CHECK (length(seed) >= 16),
    since timestamptz NOT NULL DEFAULT now()
);
INSERT INTO review_rule (share, seed) VALUES (0.05, gen_random_uuid()::text);

CREATE TABLE review (
    review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    verdict_id bigint NOT NULL UNIQUE,
    damage_id bigint NOT NULL,
    rule_id integer NOT NULL REFERENCES review_rule,
    drawn_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (verdict_id, damage_id) REFERENCES verdict (verdict_id, damage_id)
);
CREATE INDEX review_damage ON review (damage_id);

CREATE TABLE review_answer (
    review_id bigint PRIMARY KEY REFERENCES review,
    verdict text NOT NULL CHECK (verdict IN ('confirmed', 'not a damage', 'unsure')),
    agrees boolean NOT NULL,
    reason text CHECK (length(reason) BETWEEN 1 AND 500),
    decided_by text NOT NULL CHECK (decided_by <> ''),
    decided_at timestamptz NOT NULL DEFAULT now(),
    seconds_spent integer NOT NULL CHECK (seconds_spent >= 0),
    CHECK (verdict = 'confirmed' OR reason IS NOT NULL)
);

CREATE TABLE approval_note (
    note_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('quick', 'in a row')),  -- under 1 s shown; under 1 s after the last
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    actor_ref text NOT NULL,
    seconds numeric NOT NULL CHECK (seconds >= 0),
    noted_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX approval_note_noted ON approval_note (noted_at);
CREATE INDEX verdict_decided ON verdict (decided_by, decided_at DESC);

-- The draw: anybody with rule and verdict id can repeat it.
CREATE FUNCTION review_lot(seed text, verdict_id bigint) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ('x' || left(encode(sha256(convert_to(seed || ':' || verdict_id, 'UTF8')), 'hex'), 8))
        ::bit(32)::bigint / 4294967296.0
$$;

CREATE FUNCTION verdict_is_looked_at() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    gap_s numeric;
BEGIN
    IF NEW.verdict = 'undone' THEN
        RETURN NULL;
    END IF;
    INSERT INTO review (verdict_id, damage_id, rule_id)
    SELECT NEW.verdict_id, NEW.damage_id, rule.rule_id
    FROM (SELECT * FROM review_rule ORDER BY rule_id DESC LIMIT 1) AS rule
    WHERE review_lot(rule.seed, NEW.verdict_id) < rule.share;
    IF NEW.verdict = 'unsure' THEN
        RETURN NULL;  -- nothing was approved
    END IF;
    SELECT extract(epoch FROM NEW.decided_at - decided_at) INTO gap_s FROM verdict
    WHERE decided_by = NEW.decided_by AND verdict_id < NEW.verdict_id AND verdict <> 'undone'
    ORDER BY decided_at DESC LIMIT 1;
    IF NEW.seconds_spent < 1 OR gap_s < 1 THEN
        INSERT INTO approval_note (kind, subject_kind, subject_id, actor_ref, seconds)
        VALUES (
            CASE WHEN NEW.seconds_spent < 1 THEN 'quick' ELSE 'in a row' END,
            'damage', NEW.damage_id::text, NEW.decided_by,
            CASE WHEN NEW.seconds_spent < 1 THEN NEW.seconds_spent ELSE round(greatest(gap_s, 0), 3) END
        );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER is_looked_at AFTER INSERT ON verdict
    FOR EACH ROW EXECUTE FUNCTION verdict_is_looked_at();

-- Nobody reviews their own verdict; whether the two agree is the database's word.
CREATE FUNCTION review_needs_another_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    first verdict%ROWTYPE;
BEGIN
    SELECT verdict.* INTO first FROM verdict JOIN review USING (verdict_id)
    WHERE review_id = NEW.review_id;
    IF first.decided_by = NEW.decided_by THEN
        RAISE EXCEPTION 'review % is of the same person''s verdict', NEW.review_id
            USING ERRCODE = 'SW005';
    END IF;
    NEW.agrees := NEW.verdict = first.verdict;
    RETURN NEW;
END $$;
CREATE TRIGGER needs_another_person BEFORE INSERT ON review_answer
    FOR EACH ROW EXECUTE FUNCTION review_needs_another_person();

-- A damage stands as its current verdict says, whoever writes: no dismissal without a person's word.
CREATE FUNCTION damage_state_needs_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    SELECT verdict INTO said FROM verdict WHERE verdict_id = NEW.current_verdict_id;
    IF NEW.state <> 'waiting' AND said IS DISTINCT FROM (CASE NEW.state
        WHEN 'dismissed' THEN 'not a damage' WHEN 'unsure' THEN 'unsure' ELSE 'confirmed'
    END) THEN
        RAISE EXCEPTION 'damage % cannot be % while its verdict is %', NEW.damage_id, NEW.state, said
            USING ERRCODE = 'SW006';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER state_needs_verdict BEFORE INSERT OR UPDATE OF state, current_verdict_id ON damage
    FOR EACH ROW EXECUTE FUNCTION damage_state_needs_verdict();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON review_rule
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON review
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON review_answer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON approval_note
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Figures over an interval [from, upto).
CREATE FUNCTION review_figures("from" timestamptz, upto timestamptz) RETURNS TABLE (
    drawn bigint, answered bigint, agreed bigint, open bigint,
    agreement_share numeric, agreement_low numeric, agreement_high numeric
) LANGUAGE sql STABLE AS $$
    WITH counted AS (
        SELECT
            count(*) AS drawn,
            count(answer.review_id) AS answered,
            count(*) FILTER (WHERE answer.agrees) AS agreed,
            count(*) FILTER (
                WHERE answer.review_id IS NULL AND damage.current_verdict_id = review.verdict_id
            ) AS open
        FROM review
        JOIN damage USING (damage_id)
        LEFT JOIN review_answer AS answer USING (review_id)
        WHERE review.drawn_at >= "from" AND review.drawn_at < upto
    ), shares AS (
        SELECT *, agreed::numeric / nullif(answered, 0) AS p, nullif(answered, 0)::numeric AS n, 1.96 AS z
        FROM counted
    )
    SELECT -- Wilson (1927), 95 %
        drawn, answered, agreed, open, round(p, 4),
        round((p + z * z / (2 * n) - z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)))
            / (1 + z * z / n), 4),
        round((p + z * z / (2 * n) + z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)))
            / (1 + z * z / n), 4)
    FROM shares
$$;

CREATE FUNCTION approval_notes("from" timestamptz, upto timestamptz) RETURNS SETOF approval_note
LANGUAGE sql STABLE AS $$
    SELECT * FROM approval_note WHERE noted_at >= "from" AND noted_at < upto ORDER BY note_id
$$;

CREATE FUNCTION quick_approvals("from" timestamptz, upto timestamptz) RETURNS TABLE (
    approvals bigint, quick bigint, quick_share numeric
) LANGUAGE sql STABLE AS $$
    WITH counted AS (
        SELECT
            (SELECT count(*) FROM verdict WHERE verdict IN ('confirmed', 'not a damage')
                AND decided_at >= "from" AND decided_at < upto) AS approvals,
            (SELECT count(*) FROM approval_notes("from", upto) WHERE subject_kind = 'damage') AS quick
    )
    SELECT approvals, quick, round(quick::numeric / nullif(approvals, 0), 4) FROM counted
$$;

GRANT SELECT, INSERT ON review, review_answer, approval_note TO stadtwart_app;
GRANT SELECT ON review_rule TO stadtwart_app;
