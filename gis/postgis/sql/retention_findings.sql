-- What panel, auditor and departments wrote each other, after the finding was closed.
WITH closed AS (
    SELECT finding_id FROM finding_report WHERE closed_at < %(before)s AND text <> erased_text()
),
said AS (
    UPDATE finding_entry SET text = erased_text()
    WHERE finding_id IN (SELECT finding_id FROM closed)
)
UPDATE finding SET
    about_id = CASE WHEN about_id IS NOT NULL THEN erased_text() END,
    title = erased_text(),
    text = erased_text()
WHERE finding_id IN (SELECT finding_id FROM closed)
RETURNING finding_id::text
