-- People who sign in: as little of them as it takes, sessions that the city can end, and one emergency door.
CREATE TABLE person (
    person_id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    kind text NOT NULL CHECK (kind IN ('provider', 'break-glass')),
    issuer text,  -- of the city's identity provider; with subject, the only link to a human being
    subject text,
    display_name text CHECK (length(display_name) <= 200),
    created_at timestamptz NOT NULL DEFAULT now(),
    last_login_at timestamptz,
    disabled_at timestamptz,
    UNIQUE (issuer, subject),
    CHECK (kind = 'provider' OR issuer IS NULL)
);

CREATE TABLE break_glass_account (
    person_id uuid PRIMARY KEY REFERENCES person ON DELETE CASCADE,
    account_name text NOT NULL UNIQUE CHECK (account_name ~ '^[a-z][a-z0-9-]{2,39}$'),
    password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
    failures integer NOT NULL DEFAULT 0 CHECK (failures >= 0),
    locked_until timestamptz,
    changed_at timestamptz NOT NULL DEFAULT now()
);

-- A login on its way to the provider and back; used once, by the browser that began it.
CREATE TABLE login_attempt (
    state_sha256 bytea PRIMARY KEY CHECK (octet_length(state_sha256) = 32),
    browser_sha256 bytea NOT NULL CHECK (octet_length(browser_sha256) = 32),
    nonce text NOT NULL,
    code_verifier text NOT NULL,
    return_to text NOT NULL CHECK (return_to ~ '^/'),
    is_fresh boolean NOT NULL,  -- the provider was told to ask for the password again
    began_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE person_session (
    session_sha256 bytea PRIMARY KEY CHECK (octet_length(session_sha256) = 32),  -- the cookie's hash
    number text NOT NULL UNIQUE CHECK (number ~ '^[0-9a-f]{8}$'),  -- to speak of it; opens nothing
    person_id uuid NOT NULL REFERENCES person ON DELETE CASCADE,
    kind text NOT NULL CHECK (kind IN ('provider', 'break-glass')),
    reference text NOT NULL CHECK (reference <> ''),  -- how the log names this person this year
    roles text[] NOT NULL CHECK (cardinality(roles) > 0),
    role text NOT NULL CHECK (role = ANY (roles)),
    opened_at timestamptz NOT NULL DEFAULT now(),
    authenticated_at timestamptz NOT NULL,  -- when a password was last asked for
    seen_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    ended_at timestamptz,
    ended_why text CHECK (ended_why IN ('signed out', 'signed in anew', 'ended by an admin', 'disabled')),
    CHECK ((ended_at IS NULL) = (ended_why IS NULL))
);
CREATE INDEX person_session_person ON person_session (person_id);
CREATE INDEX person_session_open ON person_session (expires_at) WHERE ended_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON person, person_session TO stadtwart_app;
GRANT SELECT, UPDATE (failures, locked_until) ON break_glass_account TO stadtwart_app;
GRANT SELECT, INSERT, DELETE ON login_attempt TO stadtwart_app;
