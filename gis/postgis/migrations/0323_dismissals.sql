-- Keys and checks speak first, this last: what they cannot see is a state that its verdict does not say.
DROP TRIGGER state_needs_verdict ON damage;
CREATE OR REPLACE FUNCTION damage_state_needs_verdict() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said text;
BEGIN
    SELECT verdict INTO said FROM verdict WHERE verdict_id = NEW.current_verdict_id;
    IF said IS DISTINCT FROM (CASE NEW.state
        WHEN 'dismissed' THEN 'not a damage' WHEN 'unsure' THEN 'unsure' ELSE 'confirmed'
    END) THEN
        RAISE EXCEPTION 'damage % cannot be % while its verdict is %', NEW.damage_id, NEW.state, said
            USING ERRCODE = 'SW006';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER state_needs_verdict AFTER INSERT OR UPDATE OF state, current_verdict_id ON damage
    FOR EACH ROW WHEN (NEW.state <> 'waiting') EXECUTE FUNCTION damage_state_needs_verdict();
