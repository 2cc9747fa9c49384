-- The newest reports, without their bodies.
SELECT report_id, from_day, until_day, made_at, made_by, sha256
FROM committee_report
ORDER BY report_id DESC
LIMIT 200
