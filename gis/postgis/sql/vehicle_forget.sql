-- Vehicles the profile no longer names: kept for their old tours.
UPDATE watering_vehicle SET is_in_profile = false
WHERE NOT (vehicle_id = ANY (%(vehicle_ids)s::text[]))
