-- Cases as the department sees them; unanswered ones first, by due day.
SELECT
    objection_id, case_number, about_kind, text, contact, received_at, due_on, outcome, answer,
    answered_by, answered_at, erased_at, outcome IS NULL AND due_on < current_date AS overdue
FROM objection
WHERE %(objection_id)s::bigint IS NULL OR objection_id = %(objection_id)s::bigint
ORDER BY outcome IS NOT NULL, due_on, objection_id
LIMIT 500
