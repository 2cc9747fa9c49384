-- A second verdict; a trigger says whether it agrees, and refuses the first one's author.
WITH given AS (
    INSERT INTO review_answer (review_id, verdict, agrees, reason, decided_by, seconds_spent)
    SELECT review_id, %(verdict)s, false, %(reason)s, %(decided_by)s, %(seconds_spent)s
    FROM review WHERE review_id = %(review_id)s
    RETURNING review_id, agrees
)
SELECT given.agrees, damage_id, damage.model_sha256
FROM given JOIN review USING (review_id) JOIN damage USING (damage_id)
