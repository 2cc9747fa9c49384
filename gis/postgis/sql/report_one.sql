-- One report, byte for byte.
SELECT report_id, from_day, until_day, made_at, made_by, sha256, body
FROM committee_report
WHERE report_id = %(report_id)s
