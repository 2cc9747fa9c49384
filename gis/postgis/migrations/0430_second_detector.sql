-- A second detector looks at a random sample of the uploaded, masked pictures. What it takes for a
-- face or a plate is withheld at once; a person says what it is. Rows only grow, the rate is counted.
ALTER TABLE picture ADD COLUMN is_withheld boolean NOT NULL DEFAULT false;

CREATE TABLE judge_rule (  -- what was drawn since when, and whether a second detector was there
    rule_id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    share numeric NOT NULL CHECK (share BETWEEN 0 AND 1),
    seed text NOT NULL CHECK (length(seed) >= 16),
    standing text NOT NULL CHECK (standing IN ('installed', 'missing', 'wrong checksum')),
    since timestamptz NOT NULL DEFAULT now()
);
INSERT INTO judge_rule (share, seed, standing) VALUES (0.1, gen_random_uuid()::text, 'missing');

CREATE TABLE judging (
    judging_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    picture_sha256 text NOT NULL UNIQUE,  -- no reference: the count stays when the picture goes
    mask_model_sha256 text NOT NULL,
    rule_id integer NOT NULL REFERENCES judge_rule,
    drawn_at timestamptz NOT NULL DEFAULT now(),
    outcome text CHECK (outcome IN ('nothing', 'alarm', 'not readable')),
    judged_at timestamptz,
    face_model_sha256 text,
    plate_model_sha256 text,
    seen jsonb,  -- [{kind, score, box: x1 y1 x2 y2 in pixels of the picture}]
    CHECK ((outcome IS NULL) = (judged_at IS NULL))
);
CREATE INDEX judging_waiting ON judging (drawn_at, judging_id) WHERE outcome IS NULL;
CREATE INDEX judging_alarm ON judging (judging_id) WHERE outcome = 'alarm';

CREATE TABLE judging_answer (
    answer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    judging_id bigint NOT NULL REFERENCES judging,
    answer text NOT NULL CHECK (answer IN ('really visible', 'false alarm', 'taken back')),
    decided_by text NOT NULL CHECK (decided_by <> ''),
    decided_at timestamptz NOT NULL DEFAULT now(),
    seconds_spent integer CHECK (seconds_spent >= 0)
);
CREATE INDEX judging_answer_judging ON judging_answer (judging_id, answer_id);

-- The draw: anybody with rule and picture id can repeat it.
CREATE FUNCTION judge_lot(seed text, picture_sha256 text) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ('x' || left(encode(sha256(convert_to(seed || ':' || picture_sha256, 'UTF8')), 'hex'), 8))
        ::bit(32)::bigint / 4294967296.0
$$;

CREATE FUNCTION picture_is_drawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO judging (picture_sha256, mask_model_sha256, rule_id)
    SELECT NEW.sha256, announced.mask_receipt ->> 'mask_model_sha256', rule.rule_id
    FROM (SELECT * FROM judge_rule ORDER BY rule_id DESC LIMIT 1) AS rule
    CROSS JOIN LATERAL (
        SELECT mask_receipt FROM sighting WHERE picture_sha256 = NEW.sha256
        ORDER BY received_at, sighting_id LIMIT 1
    ) AS announced
    WHERE judge_lot(rule.seed, NEW.sha256) < rule.share
        AND announced.mask_receipt ->> 'mask_model_sha256' IS NOT NULL
    ON CONFLICT (picture_sha256) DO NOTHING;
    RETURN NULL;
END $$;
CREATE TRIGGER is_drawn AFTER INSERT ON picture FOR EACH ROW EXECUTE FUNCTION picture_is_drawn();

-- Each picture is judged at most once; an alarm withholds it in the same moment.
CREATE FUNCTION judging_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF OLD.outcome IS NOT NULL THEN
        RAISE EXCEPTION 'picture % is judged already', NEW.picture_sha256 USING ERRCODE = 'SW430';
    END IF;
    IF NEW.outcome = 'alarm' THEN
        UPDATE picture SET is_withheld = true WHERE sha256 = NEW.picture_sha256;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER takes_effect AFTER UPDATE ON judging
    FOR EACH ROW EXECUTE FUNCTION judging_takes_effect();

-- A person's word: shown again, withheld again, or gone for good. After "really visible" nothing.
CREATE FUNCTION judging_answer_takes_effect() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    asked judging%ROWTYPE;
    last text;
BEGIN
    SELECT * INTO asked FROM judging WHERE judging_id = NEW.judging_id FOR UPDATE;
    SELECT answer INTO last FROM judging_answer
    WHERE judging_id = NEW.judging_id ORDER BY answer_id DESC LIMIT 1;
    IF asked.outcome IS DISTINCT FROM 'alarm' OR NOT (CASE NEW.answer
        WHEN 'taken back' THEN coalesce(last = 'false alarm', false)
        ELSE coalesce(last = 'taken back', true)
    END) THEN
        RAISE EXCEPTION 'alarm % stands at %: % refused', NEW.judging_id, last, NEW.answer
            USING ERRCODE = 'SW431';
    END IF;
    IF NEW.answer = 'really visible' THEN
        PERFORM forget_pictures(ARRAY[asked.picture_sha256]);
    ELSE
        UPDATE picture SET is_withheld = NEW.answer = 'taken back'
        WHERE sha256 = asked.picture_sha256;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER takes_effect BEFORE INSERT ON judging_answer
    FOR EACH ROW EXECUTE FUNCTION judging_answer_takes_effect();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON judge_rule
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON judging
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON judging_answer
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- What the second detector and people said in [from, upto), by the truck's masking model.
CREATE FUNCTION judging_figures("from" timestamptz, upto timestamptz) RETURNS TABLE (
    mask_model_sha256 text, drawn bigint, judged bigint, not_readable bigint, alarms bigint,
    open bigint, false_alarms bigint, confirmed bigint
) LANGUAGE sql STABLE AS $$
    WITH told AS (
        SELECT
            judging.mask_model_sha256,
            judging.drawn_at >= "from" AND judging.drawn_at < upto AS is_drawn,
            CASE WHEN judging.judged_at >= "from" AND judging.judged_at < upto THEN outcome END AS said,
            (
                SELECT answer FROM judging_answer
                WHERE judging_answer.judging_id = judging.judging_id AND decided_at < upto
                ORDER BY answer_id DESC LIMIT 1
            ) AS answer
        FROM judging
        WHERE judging.drawn_at < upto AND coalesce(judging.judged_at, 'infinity') >= "from"
    )
    SELECT
        told.mask_model_sha256,
        count(*) FILTER (WHERE is_drawn),
        count(*) FILTER (WHERE said IN ('nothing', 'alarm')),
        count(*) FILTER (WHERE said = 'not readable'),
        count(*) FILTER (WHERE said = 'alarm'),
        count(*) FILTER (WHERE said = 'alarm' AND coalesce(answer, 'taken back') = 'taken back'),
        count(*) FILTER (WHERE said = 'alarm' AND answer = 'false alarm'),
        count(*) FILTER (WHERE said = 'alarm' AND answer = 'really visible')
    FROM told GROUP BY told.mask_model_sha256 ORDER BY told.mask_model_sha256
$$;

-- Whatever shows a damage shows no withheld picture.
CREATE OR REPLACE VIEW damage_report AS
SELECT
    damage.damage_id,
    damage.damage_class,
    damage.state,
    damage.longitude_deg,
    damage.latitude_deg,
    damage.position_error_m,
    damage.area_m2,
    damage.area_error_m2,
    damage.confidence,
    damage.sightings,
    damage.suppressed,
    damage.first_seen_at,
    damage.last_seen_at,
    street_segment.name AS street,
    damage.segment_id,
    damage.district_id,
    district.name AS district,
    picture.sha256 AS picture_sha256,
    CASE WHEN picture.sha256 IS NOT NULL THEN shown.mask_receipt -> 'damage' END AS damage_box,
    damage.current_verdict_id,
    damage.work_order_id,
    damage.model_sha256,
    damage.made_at,
    damage.simulated,
    damage.confidence
        * CASE damage.damage_class WHEN 'D40' THEN 4 WHEN 'D20' THEN 2 ELSE 1 END
        * (1 + ln(greatest(damage.sightings, 1))) AS priority,
    damage.error_major_m,
    damage.error_minor_m,
    damage.error_bearing_deg,
    damage.in_wheel_track,
    damage.severity,
    damage.severity_method
FROM damage
LEFT JOIN street_segment USING (segment_id)
LEFT JOIN district ON district.district_id = damage.district_id
LEFT JOIN sighting AS shown ON shown.sighting_id = damage.picture_sighting_id
LEFT JOIN picture ON picture.sha256 = shown.picture_sha256 AND NOT picture.is_withheld;

GRANT SELECT, INSERT ON judge_rule, judging, judging_answer TO stadtwart_app;
GRANT UPDATE (outcome, judged_at, face_model_sha256, plate_model_sha256, seen)
    ON judging TO stadtwart_app;
