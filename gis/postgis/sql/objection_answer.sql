-- A person answers, once.
UPDATE objection SET
    outcome = %(outcome)s, answer = %(answer)s, answered_by = %(answered_by)s, answered_at = now()
WHERE objection_id = %(objection_id)s AND outcome IS NULL
RETURNING case_number
