-- How much of each street was assessed on a day: no vehicle, no time, no order of driving.
CREATE TABLE segment_coverage (
    segment_id text NOT NULL,  -- no key to street_segment: a map loaded anew must not forget
    day date NOT NULL,  -- by the city's clock
    simulated boolean NOT NULL,
    assessed_m double precision NOT NULL CHECK (assessed_m >= 0),  -- driven; twice counts twice
    covered_m double precision NOT NULL CHECK (covered_m >= 0),  -- each metre once: at least so much
    PRIMARY KEY (segment_id, day, simulated)
);
CREATE INDEX segment_coverage_day ON segment_coverage (day);

CREATE TABLE segment_unassessed (
    segment_id text NOT NULL,
    day date NOT NULL,
    simulated boolean NOT NULL,
    cause text NOT NULL,
    driven_m double precision NOT NULL CHECK (driven_m >= 0),
    PRIMARY KEY (segment_id, day, simulated, cause)
);
CREATE INDEX segment_unassessed_day ON segment_unassessed (day);

-- What arrived, so that a repeated upload counts once. The day it came, never the time.
CREATE TABLE coverage_delivery (
    coverage_id uuid PRIMARY KEY,
    content_sha256 text NOT NULL,
    segments integer NOT NULL,  -- that the map knew
    unknown integer NOT NULL,
    received_on date NOT NULL DEFAULT (now() AT TIME ZONE 'UTC')::date
);

GRANT SELECT, INSERT, UPDATE ON segment_coverage, segment_unassessed TO stadtwart_app;
GRANT SELECT, INSERT ON coverage_delivery TO stadtwart_app;
GRANT SELECT, DELETE ON segment_coverage, segment_unassessed, coverage_delivery TO stadtwart_keeper;
