-- Alarms of the second detector: those that wait for a person first, then what was answered last.
SELECT
    judging.judging_id,
    judging.picture_sha256,
    judging.mask_model_sha256,
    judging.judged_at,
    judging.seen,
    judging.face_model_sha256,
    judging.plate_model_sha256,
    city.simulated,
    picture.width_px,
    picture.height_px,
    coalesce(picture.is_withheld, false) AS is_withheld,
    picture.sha256 IS NOT NULL AS is_kept,
    CASE WHEN last.answer <> 'taken back' THEN last.answer END AS answer,
    CASE WHEN last.answer <> 'taken back' THEN last.decided_at END AS answered_at,
    CASE WHEN last.answer <> 'taken back' THEN last.decided_by END AS answered_by
FROM judging
CROSS JOIN city
LEFT JOIN picture ON picture.sha256 = judging.picture_sha256
LEFT JOIN LATERAL (
    SELECT answer, decided_at, decided_by FROM judging_answer
    WHERE judging_answer.judging_id = judging.judging_id
    ORDER BY answer_id DESC LIMIT 1
) AS last ON true
WHERE judging.outcome = 'alarm'
    AND (%(judging_id)s::bigint IS NULL OR judging.judging_id = %(judging_id)s::bigint)
ORDER BY
    coalesce(last.answer, 'taken back') <> 'taken back' OR picture.sha256 IS NULL,
    last.decided_at DESC NULLS FIRST,
    judging.judging_id
LIMIT 100
