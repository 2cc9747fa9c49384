-- What people decided; `standing` counts each damage once, by its last verdict that was not undone.
WITH given AS (
    SELECT
        verdict.*,
        EXISTS (
            SELECT FROM verdict AS later
            WHERE later.undoes_verdict_id = verdict.verdict_id AND later.decided_at < %(as_of)s
        ) AS is_undone
    FROM verdict
    WHERE decided_at >= %(from_at)s AND decided_at < %(upto_at)s
),
last_standing AS (
    SELECT DISTINCT ON (damage_id) damage_id, verdict
    FROM given
    WHERE verdict <> 'undone' AND NOT is_undone
    ORDER BY damage_id, verdict_id DESC
)
SELECT
    count(*) FILTER (WHERE verdict <> 'undone') AS given,
    count(*) FILTER (WHERE verdict = 'undone') AS undone,
    coalesce(sum(seconds_spent) FILTER (WHERE verdict <> 'undone'), 0)::bigint AS seconds,
    count(seconds_spent) FILTER (WHERE verdict <> 'undone') AS timed,
    (SELECT count(*) FROM last_standing WHERE verdict = 'confirmed') AS confirmed,
    (SELECT count(*) FROM last_standing WHERE verdict = 'not a damage') AS dismissed,
    (SELECT count(*) FROM last_standing WHERE verdict = 'unsure') AS unsure
FROM given
