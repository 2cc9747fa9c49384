-- Draws that wait for somebody else's second look; a verdict taken back needs none.
SELECT review.review_id, damage_report.*
FROM review
JOIN verdict USING (verdict_id)
JOIN damage_report ON damage_report.damage_id = review.damage_id
WHERE NOT EXISTS (SELECT FROM review_answer AS answer WHERE answer.review_id = review.review_id)
    AND damage_report.current_verdict_id = review.verdict_id
    AND verdict.decided_by <> %(caller)s
ORDER BY review.review_id
LIMIT 50
