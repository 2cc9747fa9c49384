-- What people answer each other: findings of panel and auditor, objections of citizens, incidents.
-- Free text lives here and never in the log; rows are added, and forgotten by retention alone.
CREATE TABLE finding (
    finding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    about_kind text NOT NULL CHECK (
        about_kind IN ('guideline', 'register', 'model', 'damage', 'order', 'watering', 'log', 'other')
    ),
    about_id text CHECK (length(about_id) BETWEEN 1 AND 100),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    responsible_role text NOT NULL CHECK (responsible_role IN ('road', 'parks', 'admin')),
    due_on date NOT NULL,
    filed_by text NOT NULL CHECK (filed_by <> ''),
    filed_role text NOT NULL CHECK (filed_role IN ('panel', 'auditor')),
    filed_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE finding_entry (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    finding_id bigint NOT NULL REFERENCES finding ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('answer', 'question', 'closing', 'reopening')),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    written_by text NOT NULL CHECK (written_by <> ''),
    written_role text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX finding_entry_finding ON finding_entry (finding_id, entry_id);

-- Where a finding stands follows from its entries; only an answer stops the clock.
CREATE VIEW finding_report AS
SELECT
    finding.*,
    CASE last.kind WHEN 'answer' THEN 'answered' WHEN 'closing' THEN 'closed' ELSE 'open' END AS state,
    coalesce(last.kind, 'question') IN ('question', 'reopening') AND due_on < current_date AS overdue,
    (SELECT min(written_at) FROM finding_entry AS one
        WHERE one.finding_id = finding.finding_id AND one.kind = 'answer') AS answered_at,
    CASE WHEN last.kind = 'closing' THEN last.written_at END AS closed_at
FROM finding
LEFT JOIN LATERAL (
    SELECT kind, written_at FROM finding_entry AS entry
    WHERE entry.finding_id = finding.finding_id ORDER BY entry_id DESC LIMIT 1
) AS last ON true;

CREATE TABLE objection (
    objection_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    case_number text NOT NULL UNIQUE CHECK (case_number ~ '^E-[0-9]{4}-[A-Z2-7]{6}$'),
    secret_sha256 bytea NOT NULL CHECK (octet_length(secret_sha256) = 32),
    about_kind text NOT NULL CHECK (about_kind IN ('damage', 'tree', 'picture', 'decision', 'other')),
    text text CHECK (length(text) BETWEEN 1 AND 4000),
    contact text CHECK (length(contact) BETWEEN 1 AND 200),
    received_at timestamptz NOT NULL DEFAULT now(),
    due_on date NOT NULL,
    outcome text CHECK (outcome IN ('upheld', 'partly upheld', 'rejected', 'not for the city')),
    answer text CHECK (length(answer) BETWEEN 1 AND 4000),
    answered_by text,
    answered_at timestamptz,
    erased_at timestamptz,  -- what the citizen wrote is gone, the case stays countable
    CHECK ((outcome IS NULL) = (answered_at IS NULL)),
    CHECK ((outcome IS NULL) = (answered_by IS NULL)),
    CHECK (erased_at IS NULL OR (text IS NULL AND contact IS NULL AND answer IS NULL)),
    CHECK (erased_at IS NOT NULL OR text IS NOT NULL)
);

CREATE TABLE incident (
    incident_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    system text NOT NULL CHECK (system IN ('detector', 'watering', 'masking', 'log', 'page', 'other')),
    severity text NOT NULL CHECK (severity IN ('minor', 'serious', 'critical')),
    title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    reported_by text NOT NULL CHECK (reported_by <> ''),
    reported_role text NOT NULL,
    reported_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE incident_entry (
    entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    incident_id bigint NOT NULL REFERENCES incident ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('stop', 'measure', 'resume', 'closing')),
    text text NOT NULL CHECK (length(text) BETWEEN 1 AND 4000),
    written_by text NOT NULL CHECK (written_by <> ''),
    written_role text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX incident_entry_incident ON incident_entry (incident_id, entry_id);

CREATE VIEW incident_report AS
SELECT
    incident.*,
    coalesce(halt.kind = 'stop', false) AS stops,
    closing.written_at AS closed_at
FROM incident
LEFT JOIN LATERAL (
    SELECT kind FROM incident_entry AS entry
    WHERE entry.incident_id = incident.incident_id AND kind IN ('stop', 'resume')
    ORDER BY entry_id DESC LIMIT 1
) AS halt ON true
LEFT JOIN LATERAL (
    SELECT written_at FROM incident_entry AS entry
    WHERE entry.incident_id = incident.incident_id AND kind = 'closing' ORDER BY entry_id LIMIT 1
) AS closing ON true;

-- Whether a person has stopped this system and nobody resumed it.
CREATE FUNCTION is_stopped(wanted text) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM incident_report WHERE system = wanted AND stops)
$$;

-- A closed incident says no more; what still stops a system cannot be closed.
CREATE FUNCTION incident_entry_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing incident_report%ROWTYPE;
BEGIN
    PERFORM FROM incident WHERE incident_id = NEW.incident_id FOR UPDATE;
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
CREATE TRIGGER in_order BEFORE INSERT ON incident_entry
    FOR EACH ROW EXECUTE FUNCTION incident_entry_in_order();

CREATE FUNCTION finding_entry_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    standing text;
BEGIN
    PERFORM FROM finding WHERE finding_id = NEW.finding_id FOR UPDATE;
    SELECT state INTO standing FROM finding_report WHERE finding_id = NEW.finding_id;
    IF (standing = 'closed') IS DISTINCT FROM (NEW.kind = 'reopening')
        OR (NEW.kind = 'answer' AND standing <> 'open')
    THEN
        RAISE EXCEPTION 'finding % is %: % refused', NEW.finding_id, standing, NEW.kind
            USING ERRCODE = 'SW007';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER in_order BEFORE INSERT ON finding_entry
    FOR EACH ROW EXECUTE FUNCTION finding_entry_in_order();

-- Figures over an interval [from, upto); what is overdue or open is so at its end.
CREATE FUNCTION finding_figures("from" timestamptz, upto timestamptz) RETURNS TABLE (
    filed bigint, answered bigint, closed bigint, overdue bigint
) LANGUAGE sql STABLE AS $$
    SELECT
        count(*) FILTER (WHERE filed_at >= "from" AND filed_at < upto),
        count(*) FILTER (WHERE answered_at >= "from" AND answered_at < upto),
        count(*) FILTER (WHERE closed_at >= "from" AND closed_at < upto),
        count(*) FILTER (
            WHERE filed_at < upto AND due_on < (upto AT TIME ZONE 'UTC')::date
            AND coalesce(answered_at, closed_at, 'infinity') >= upto
        )
    FROM finding_report
$$;

CREATE FUNCTION objection_figures("from" timestamptz, upto timestamptz) RETURNS TABLE (
    received bigint, answered bigint, upheld bigint, rejected bigint, open bigint, overdue bigint
) LANGUAGE sql STABLE AS $$
    SELECT
        count(*) FILTER (WHERE received_at >= "from" AND received_at < upto),
        count(*) FILTER (WHERE answered_at >= "from" AND answered_at < upto),
        count(*) FILTER (WHERE answered_at >= "from" AND answered_at < upto
            AND outcome IN ('upheld', 'partly upheld')),
        count(*) FILTER (WHERE answered_at >= "from" AND answered_at < upto AND outcome = 'rejected'),
        count(*) FILTER (WHERE received_at < upto AND coalesce(answered_at, 'infinity') >= upto),
        count(*) FILTER (WHERE received_at < upto AND coalesce(answered_at, 'infinity') >= upto
            AND due_on < (upto AT TIME ZONE 'UTC')::date)
    FROM objection
$$;

CREATE FUNCTION incident_figures("from" timestamptz, upto timestamptz) RETURNS TABLE (
    reported bigint, stops bigint, closed bigint, open bigint
) LANGUAGE sql STABLE AS $$
    SELECT
        count(*) FILTER (WHERE reported_at >= "from" AND reported_at < upto),
        (SELECT count(*) FROM incident_entry
            WHERE kind = 'stop' AND written_at >= "from" AND written_at < upto),
        count(*) FILTER (WHERE closed_at >= "from" AND closed_at < upto),
        count(*) FILTER (WHERE reported_at < upto AND coalesce(closed_at, 'infinity') >= upto)
    FROM incident_report
$$;

-- What a citizen wrote goes some days after the answer; returns the case numbers for the receipt.
CREATE FUNCTION forget_objections(answered_before timestamptz) RETURNS SETOF text
LANGUAGE sql AS $$
    UPDATE objection SET text = NULL, contact = NULL, answer = NULL, erased_at = now()
    WHERE answered_at < answered_before AND erased_at IS NULL
    RETURNING case_number
$$;

GRANT SELECT, INSERT ON finding, finding_entry, incident, incident_entry, objection TO stadtwart_app;
GRANT UPDATE (outcome, answer, answered_by, answered_at, text, contact, erased_at)
    ON objection TO stadtwart_app;
GRANT SELECT ON finding_report, incident_report TO stadtwart_app;
