-- What a detector reported and what people said of it: last 30 days, and the 30 days before. A damage
-- counts once in a period, with the mean score of its sightings there; undone verdicts do not count.
WITH found AS (
    SELECT
        damage_id,
        received_at > now() - interval '30 days' AS is_recent,
        min(damage_class) AS damage_class,  -- all sightings of a damage have its class
        avg(confidence) AS score
    FROM sighting
    WHERE received_at > now() - interval '60 days' AND state = 'merged'
        AND model_sha256 = %(model_sha256)s
    GROUP BY damage_id, is_recent
), said AS (
    SELECT verdict.verdict, verdict.decided_at > now() - interval '30 days' AS is_recent
    FROM verdict
    JOIN damage USING (damage_id)
    JOIN sighting ON sighting.sighting_id = damage.anchor_sighting_id
    WHERE verdict.decided_at > now() - interval '60 days'
        AND sighting.model_sha256 = %(model_sha256)s
        AND NOT EXISTS (
            SELECT FROM verdict AS later WHERE later.undoes_verdict_id = verdict.verdict_id
        )
)
SELECT
    period.is_recent,
    (SELECT count(*) FROM found WHERE found.is_recent = period.is_recent)::integer AS damages,
    coalesce((
        SELECT jsonb_object_agg(damage_class, n)
        FROM (
            SELECT damage_class, count(*) AS n FROM found
            WHERE found.is_recent = period.is_recent GROUP BY damage_class
        ) AS classes
    ), '{}') AS by_class,
    coalesce((
        SELECT jsonb_object_agg(quarter, n)
        FROM (
            SELECT least(floor(score * 4), 3)::integer AS quarter, count(*) AS n FROM found
            WHERE found.is_recent = period.is_recent GROUP BY quarter
        ) AS quarters
    ), '{}') AS by_quarter,
    verdicts.confirmed,
    verdicts.dismissed,
    verdicts.unsure
FROM (VALUES (true), (false)) AS period (is_recent)
CROSS JOIN LATERAL (
    SELECT
        count(*) FILTER (WHERE verdict = 'confirmed')::integer AS confirmed,
        count(*) FILTER (WHERE verdict = 'not a damage')::integer AS dismissed,
        count(*) FILTER (WHERE verdict = 'unsure')::integer AS unsure
    FROM said WHERE said.is_recent = period.is_recent
) AS verdicts
ORDER BY period.is_recent DESC
