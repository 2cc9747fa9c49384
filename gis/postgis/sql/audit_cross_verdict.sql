-- Verdicts without their event.
SELECT verdict_id::text FROM verdict
WHERE NOT EXISTS (
    SELECT FROM audit_outbox
    WHERE subject_kind = 'damage' AND subject_id = verdict.damage_id::text
        AND kind = CASE verdict.verdict WHEN 'undone' THEN 'verdict.undone' ELSE 'verdict.given' END
        AND convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'verdict_id' = verdict.verdict_id::text
)
ORDER BY verdict_id LIMIT 10
