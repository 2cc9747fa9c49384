-- Why somebody changed or rejected a watering plan, in their words; what they decided stays.
WITH decisions AS (
    UPDATE plan_decision SET reason = erased_text()
    WHERE decided_at < %(before)s AND reason <> erased_text()
    RETURNING decision_id
),
stops AS (
    UPDATE watering_plan_stop SET change_reason = erased_text()
    FROM watering_plan
    WHERE watering_plan.plan_id = watering_plan_stop.plan_id
        AND watering_plan.made_at < %(before)s AND change_reason <> erased_text()
    RETURNING watering_plan_stop.plan_id, tree_id
)
SELECT 'decision ' || decision_id FROM decisions
UNION ALL SELECT format('plan %%s tree %%s', plan_id, tree_id) FROM stops
