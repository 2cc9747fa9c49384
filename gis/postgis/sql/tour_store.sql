-- A computed tour; the trigger refuses it without the approval that stands.
INSERT INTO tour (
    job_id, plan_id, approval_id, vehicle_id, begins_at, ends_at, begins_full_l, litres, length_m,
    line
)
SELECT
    %(job_id)s, %(plan_id)s, %(approval_id)s, %(vehicle_id)s, %(begins_at)s, %(ends_at)s,
    %(begins_full_l)s, %(litres)s, %(length_m)s,
    ST_Transform(ST_SetSRID(ST_GeomFromWKB(%(line)s), metric_srid), 4326)
FROM city
RETURNING tour_id
