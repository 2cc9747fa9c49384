-- Audit events, written in the transaction of the effect they tell of; the log is made from here.
CREATE TABLE audit_outbox (
    event_id uuid PRIMARY KEY,
    body bytea NOT NULL,  -- canonical bytes; what is hashed is what is stored
    kind text NOT NULL,  -- copies of fields of the body, to search by
    subject_kind text NOT NULL,
    subject_id text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX audit_outbox_subject ON audit_outbox (subject_kind, subject_id, event_id DESC);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_outbox
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON audit_outbox TO stadtwart_app;
