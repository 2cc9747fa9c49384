-- The results of the newest run, with what a person has lifted since.
SELECT
    run_id, checked_at, guideline_version, guideline_sha256, run.event_id, rule_id, status,
    is_hard, guards, evidence, lifting.until AS lifted_until, lifting.reason AS lifted_because,
    lifting.event_id AS lifting_event_id
FROM (SELECT * FROM guideline_run ORDER BY run_id DESC LIMIT 1) AS run
JOIN guideline_result USING (run_id)
LEFT JOIN LATERAL (
    SELECT * FROM rule_lifting
    WHERE rule_lifting.rule_id = guideline_result.rule_id AND until > now() AND ended_at IS NULL
    ORDER BY lifting_id DESC LIMIT 1
) AS lifting USING (rule_id)
