-- How many judged damages have no picture that is still kept.
SELECT count(*) AS damages
FROM damage
JOIN verdict ON verdict.verdict_id = damage.current_verdict_id
WHERE
    verdict.verdict IN ('confirmed', 'not a damage')
    AND NOT EXISTS (
        SELECT FROM sighting JOIN picture ON picture.sha256 = sighting.picture_sha256
        WHERE sighting.damage_id = damage.damage_id
    )
