-- The city profile's tables as last loaded, for reports; replaced as a whole.
INSERT INTO city_profile (profile) VALUES (%(profile)s::jsonb)
ON CONFLICT (city_id) DO UPDATE SET profile = excluded.profile, loaded_at = now()
