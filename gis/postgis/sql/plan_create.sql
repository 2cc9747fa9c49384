-- A draft of the machine.
INSERT INTO watering_plan (
    for_day, asked_by, night_run_id, model_sha256, method, digest, simulated, budget_l, hours_h,
    vehicle_ids
)
VALUES (
    %(for_day)s, %(asked_by)s, %(night_run_id)s, %(model_sha256)s, %(method)s, %(digest)s,
    %(simulated)s, %(budget_l)s, %(hours_h)s, %(vehicle_ids)s
)
RETURNING plan_id
