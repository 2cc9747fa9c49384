-- A truck's key comes with a one-time code that a person gave it; a revoked key never comes back.
CREATE TABLE device_enrolment (
    code_sha256 text PRIMARY KEY CHECK (code_sha256 ~ '^[0-9a-f]{64}$'),  -- the code itself is not kept
    device_id text NOT NULL,
    offered_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at timestamptz,
    CHECK (expires_at > offered_at)
);

CREATE TABLE revoked_device_key (
    public_key text PRIMARY KEY CHECK (public_key ~ '^[0-9a-f]{64}$'),
    device_id text NOT NULL,
    revoked_at timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT, UPDATE (used_at) ON device_enrolment TO stadtwart_app;
GRANT SELECT, INSERT ON revoked_device_key TO stadtwart_app;
