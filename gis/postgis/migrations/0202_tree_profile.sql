-- What the city folder says about its trees' ground and its weather feed; more about each day's air.
CREATE TABLE tree_profile (
    city_id smallint PRIMARY KEY DEFAULT 1 CHECK (city_id = 1),
    body jsonb NOT NULL,
    loaded_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON tree_profile TO stadtwart_app;

ALTER TABLE weather_days
    ADD COLUMN span_c real NOT NULL DEFAULT 10,  -- warmest less coldest of the day
    ADD COLUMN humidity_share real;  -- of the air, 0..1; missing where nobody measured it
