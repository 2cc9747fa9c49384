-- A vehicle is broken, or works again.
UPDATE watering_vehicle SET is_working = %(working)s
WHERE vehicle_id = %(vehicle_id)s AND is_in_profile
RETURNING vehicle_id
