-- The [watering] table of city.toml as last loaded; replaced as a whole.
INSERT INTO watering_profile (profile) VALUES (%(profile)s::jsonb)
ON CONFLICT (city_id) DO UPDATE SET profile = excluded.profile, loaded_at = now()
