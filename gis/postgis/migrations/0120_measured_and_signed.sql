-- What trucks measure besides the place: the 90 % ellipse and a level of urgency with its inputs.
ALTER TABLE sighting
    ADD COLUMN error_major_m double precision,  -- half axes of the ellipse that holds it in 90 %
    ADD COLUMN error_minor_m double precision,
    ADD COLUMN error_bearing_deg double precision,  -- of the major axis, clockwise from north
    ADD COLUMN in_wheel_track boolean,
    ADD COLUMN severity text CHECK (severity IN ('low', 'medium', 'high'));

-- The Ed25519 key that a truck signs the receipts of its pictures with.
CREATE TABLE device_key (
    device_id text PRIMARY KEY,
    public_key text NOT NULL CHECK (public_key ~ '^[0-9a-f]{64}$'),
    enrolled_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT, INSERT, DELETE ON device_key TO stadtwart_app;
