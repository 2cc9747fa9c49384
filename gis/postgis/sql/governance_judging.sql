-- Whether a second detector is there, and what it has looked at so far.
SELECT
    rule.standing,
    rule.share,
    (SELECT count(*) FROM judging WHERE outcome IN ('nothing', 'alarm')) AS judged,
    (
        SELECT count(*) FROM judging JOIN picture ON picture.sha256 = judging.picture_sha256
        WHERE outcome IS NULL AND drawn_at < now() - interval '1 day'
    ) AS late,
    (
        SELECT count(*) FROM judging JOIN picture ON picture.sha256 = judging.picture_sha256
        WHERE is_withheld AND judged_at < now() - interval '7 days'
    ) AS unanswered
FROM judge_rule AS rule ORDER BY rule.rule_id DESC LIMIT 1
