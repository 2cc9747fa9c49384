-- Plans with their sums, newest day first; NULL filters nothing.
SELECT
    plan.plan_id,
    plan.version,
    plan.for_day,
    plan.state,
    plan.made_at,
    plan.night_run_id,
    plan.model_sha256,
    plan.method,
    plan.digest,
    plan.simulated,
    plan.budget_l,
    plan.hours_h,
    plan.vehicle_ids,
    plan.approval_id,
    decision.decided_at,
    decision.reason AS decision_reason,
    sums.*
FROM watering_plan AS plan
LEFT JOIN LATERAL (
    SELECT decided_at, reason FROM plan_decision
    WHERE plan_decision.plan_id = plan.plan_id AND kind IN ('approved', 'rejected')
        AND plan.state <> 'draft'
    ORDER BY decision_id DESC LIMIT 1
) AS decision ON true
CROSS JOIN LATERAL (
    SELECT
        count(*) AS trees,
        coalesce(sum(litres), 0) AS litres_total,
        coalesce(sum(litres_low), 0) AS litres_low,
        coalesce(sum(litres_high), 0) AS litres_high
    FROM watering_plan_stop WHERE watering_plan_stop.plan_id = plan.plan_id AND is_included
) AS sums
WHERE %(plan_id)s::bigint IS NULL OR plan.plan_id = %(plan_id)s::bigint
ORDER BY plan.for_day DESC, plan.plan_id DESC
LIMIT 200
