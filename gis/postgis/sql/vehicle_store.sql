-- A watering vehicle of the profile; whether it works today is the crew's word, not the file's.
INSERT INTO watering_vehicle (vehicle_id, name, tank_l, crew_hours_h, depot)
VALUES (
    %(vehicle_id)s, %(name)s, %(tank_l)s, %(crew_hours_h)s,
    ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)
)
ON CONFLICT (vehicle_id) DO UPDATE SET
    name = excluded.name, tank_l = excluded.tank_l, crew_hours_h = excluded.crew_hours_h,
    depot = excluded.depot, is_in_profile = true
