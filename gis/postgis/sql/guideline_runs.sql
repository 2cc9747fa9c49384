-- The last runs: when, how many rules held.
SELECT
    run_id, checked_at, guideline_version, event_id,
    count(*) FILTER (WHERE status = 'pass') AS passed,
    count(*) FILTER (WHERE status <> 'pass') AS not_passed
FROM guideline_run JOIN guideline_result USING (run_id)
GROUP BY run_id ORDER BY run_id DESC LIMIT 10
