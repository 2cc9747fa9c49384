-- Crews' reports without their event.
SELECT report_id::text FROM tour_report
WHERE NOT EXISTS (
    SELECT FROM audit_outbox
    WHERE subject_kind = 'tour' AND subject_id = tour_report.tour_id::text
        AND kind = 'tour.reported'
        AND convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'report_id' = report_id::text
)
ORDER BY report_id LIMIT 10
