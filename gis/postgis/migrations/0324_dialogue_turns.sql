-- One word at a time on an incident or a finding: the service may add words, not lock what they are about.
CREATE OR REPLACE FUNCTION incident_entry_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing incident_report%ROWTYPE;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('incident ' || NEW.incident_id, 0));
    SELECT * INTO standing FROM incident_report WHERE incident_id = NEW.incident_id;
    IF standing.closed_at IS NOT NULL
        OR (NEW.kind = 'closing' AND standing.stops)
        OR (NEW.kind = 'stop' AND standing.stops)
        OR (NEW.kind = 'resume' AND NOT standing.stops)
    THEN
        RAISE EXCEPTION 'incident %: % refused', NEW.incident_id, NEW.kind USING ERRCODE = 'SW007';
    END IF;
    RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION finding_entry_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('finding ' || NEW.finding_id, 0));
    SELECT state INTO standing FROM finding_report WHERE finding_id = NEW.finding_id;
    IF (standing = 'closed') IS DISTINCT FROM (NEW.kind = 'reopening')
        OR (NEW.kind = 'answer' AND standing <> 'open')
    THEN
        RAISE EXCEPTION 'finding % is %: % refused', NEW.finding_id, standing, NEW.kind
            USING ERRCODE = 'SW007';
    END IF;
    RETURN NEW;
END $$;
