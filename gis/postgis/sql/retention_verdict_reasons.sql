-- Why somebody decided on a damage, in their words; verdict, time and reference stay.
WITH verdicts AS (
    UPDATE verdict SET reason = erased_text()
    WHERE decided_at < %(before)s AND reason <> erased_text()
    RETURNING verdict_id
),
answers AS (
    UPDATE review_answer SET reason = erased_text()
    WHERE decided_at < %(before)s AND reason <> erased_text()
    RETURNING review_id
)
SELECT 'verdict ' || verdict_id FROM verdicts
UNION ALL SELECT 'review ' || review_id FROM answers
