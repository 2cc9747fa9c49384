-- Days from first seen to a person's first verdict, by district, and who still waits at the end.
WITH first_verdict AS (
    SELECT damage_id, min(decided_at) AS decided_at FROM verdict GROUP BY damage_id
),
waits AS (
    SELECT
        damage.district_id,
        extract(epoch FROM first_verdict.decided_at - damage.first_seen_at) / 86400.0 AS days,
        first_verdict.decided_at >= %(from_at)s AND first_verdict.decided_at < %(upto_at)s AS is_decided,
        seen.received_at < %(as_of)s
            AND (first_verdict.decided_at IS NULL OR first_verdict.decided_at >= %(as_of)s) AS is_waiting,
        extract(epoch FROM %(as_of)s - damage.first_seen_at) / 86400.0 AS age_days
    FROM damage
    JOIN sighting AS seen ON seen.sighting_id = damage.anchor_sighting_id
    LEFT JOIN first_verdict ON first_verdict.damage_id = damage.damage_id
)
SELECT
    waits.district_id,
    district.name AS district,
    coalesce(
        array_agg(greatest(days, 0)::double precision ORDER BY days) FILTER (WHERE is_decided), '{}'
    ) AS days,
    count(*) FILTER (WHERE is_waiting) AS waiting,
    max(greatest(age_days, 0)::double precision) FILTER (WHERE is_waiting) AS oldest_days
FROM waits LEFT JOIN district USING (district_id)
WHERE is_decided OR is_waiting
GROUP BY waits.district_id, district.name
ORDER BY district.name NULLS LAST
