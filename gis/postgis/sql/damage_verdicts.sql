-- Every verdict on a damage, newest first; an undo shows as a mark on the verdict it took back.
SELECT
    verdict.verdict_id,
    verdict.verdict,
    verdict.reason,
    verdict.decided_by,
    verdict.decided_at,
    EXISTS (SELECT FROM verdict AS undo WHERE undo.undoes_verdict_id = verdict.verdict_id) AS undone
FROM verdict
WHERE verdict.damage_id = %(damage_id)s AND verdict.verdict <> 'undone'
ORDER BY verdict.verdict_id DESC
