-- The city folder's words about trees and weather.
INSERT INTO tree_profile (city_id, body) VALUES (1, %(body)s::jsonb)
ON CONFLICT (city_id) DO UPDATE SET body = excluded.body, loaded_at = now()
