-- Decisions on watering plans without their event.
SELECT decision_id::text FROM plan_decision
WHERE NOT EXISTS (
    SELECT FROM audit_outbox
    WHERE subject_kind = 'plan' AND subject_id = plan_decision.plan_id::text
        AND audit_outbox.kind = 'plan.' || plan_decision.kind
        AND convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'version' = (seen_version + 1)::text
)
ORDER BY decision_id LIMIT 10
