-- What people said of a detector's findings in the last 30 days.
SELECT
    count(*) FILTER (WHERE verdict.verdict = 'confirmed') AS confirmed,
    count(*) FILTER (WHERE verdict.verdict = 'not a damage') AS dismissed,
    count(*) FILTER (WHERE verdict.verdict = 'unsure') AS unsure
FROM verdict
JOIN damage USING (damage_id)
JOIN sighting ON sighting.sighting_id = damage.anchor_sighting_id
WHERE verdict.decided_at > now() - interval '30 days' AND sighting.model_sha256 = %(model_sha256)s
