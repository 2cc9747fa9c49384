-- What a crew noted on the way, and what was noted when somebody looked after a tree.
WITH reports AS (
    UPDATE tour_report SET note = erased_text()
    WHERE received_at < %(before)s AND note <> erased_text()
    RETURNING report_id
),
looks AS (
    UPDATE tree_inspection SET note = erased_text()
    WHERE inspected_at < %(before)s AND note <> erased_text()
    RETURNING inspection_id
),
failures AS (
    UPDATE tour SET failed_reason = erased_text()
    WHERE made_at < %(before)s AND failed_reason <> erased_text()
    RETURNING tour_id
)
SELECT 'report ' || report_id FROM reports
UNION ALL SELECT 'inspection ' || inspection_id FROM looks
UNION ALL SELECT 'tour ' || tour_id FROM failures
