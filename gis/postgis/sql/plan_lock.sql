-- Hold a plan while a decision is written.
SELECT plan_id, version, state, approval_id FROM watering_plan WHERE plan_id = %(plan_id)s FOR UPDATE
