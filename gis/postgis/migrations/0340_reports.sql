-- Reports to the committee as they were made, and what the city says about itself in city.toml.
CREATE TABLE city_profile (
    city_id smallint PRIMARY KEY DEFAULT 1 CHECK (city_id = 1),
    profile jsonb NOT NULL,  -- the tables of city.toml beside [city], checked by gis.profile
    loaded_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE committee_report (
    report_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    from_day date NOT NULL,
    until_day date NOT NULL,
    made_at timestamptz NOT NULL,
    made_by text NOT NULL CHECK (made_by <> ''),
    sha256 text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),  -- of body; stands in the audit log too
    body bytea NOT NULL,  -- the report as JSON; PDF and page are made from it
    CHECK (until_day >= from_day)
);

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON committee_report
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT ON city_profile TO stadtwart_app;
GRANT SELECT, INSERT ON committee_report TO stadtwart_app;
