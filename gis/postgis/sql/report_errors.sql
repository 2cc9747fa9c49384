-- By damage class: how many of the damages that people judged they called none.
WITH last_standing AS (
    SELECT DISTINCT ON (damage_id) damage_id, verdict
    FROM verdict
    WHERE decided_at >= %(from_at)s AND decided_at < %(upto_at)s AND verdict <> 'undone'
        AND NOT EXISTS (
            SELECT FROM verdict AS later
            WHERE later.undoes_verdict_id = verdict.verdict_id AND later.decided_at < %(as_of)s
        )
    ORDER BY damage_id, verdict_id DESC
)
SELECT
    damage.damage_class,
    count(*) FILTER (WHERE verdict IN ('confirmed', 'not a damage')) AS judged,
    count(*) FILTER (WHERE verdict = 'not a damage') AS dismissed
FROM last_standing JOIN damage USING (damage_id)
GROUP BY damage.damage_class
ORDER BY damage.damage_class
