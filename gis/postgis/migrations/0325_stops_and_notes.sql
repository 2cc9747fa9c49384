-- A stopped watering drafts and approves no plan; a plan approved faster than anybody reads is noted.
CREATE FUNCTION watering_is_not_stopped() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF is_stopped('watering') THEN
        RAISE EXCEPTION 'an incident stops the watering: an admin resumes it at /incidents'
            USING ERRCODE = 'SW008';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER is_not_stopped BEFORE INSERT ON watering_plan
    FOR EACH ROW EXECUTE FUNCTION watering_is_not_stopped();
CREATE TRIGGER is_not_stopped BEFORE INSERT ON plan_decision
    FOR EACH ROW WHEN (NEW.kind = 'approved') EXECUTE FUNCTION watering_is_not_stopped();

CREATE FUNCTION plan_approval_is_looked_at() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO approval_note (kind, subject_kind, subject_id, actor_ref, seconds)
    VALUES ('quick', 'plan', NEW.plan_id::text, NEW.decided_by, NEW.seconds_spent);
    RETURN NULL;
END $$;
CREATE TRIGGER is_looked_at AFTER INSERT ON plan_decision
    FOR EACH ROW WHEN (NEW.kind = 'approved' AND NEW.seconds_spent < 1)
    EXECUTE FUNCTION plan_approval_is_looked_at();
