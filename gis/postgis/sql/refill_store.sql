-- A refill point of the profile.
INSERT INTO refill_point (refill_id, name, flow_l_min, setup_min, geom)
VALUES (
    %(refill_id)s, %(name)s, %(flow_l_min)s, %(setup_min)s,
    ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4326)
)
ON CONFLICT (refill_id) DO UPDATE SET
    name = excluded.name, flow_l_min = excluded.flow_l_min, setup_min = excluded.setup_min,
    geom = excluded.geom
