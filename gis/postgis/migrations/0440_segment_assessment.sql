-- When each street was last looked at well enough: by the day alone; no vehicle, no time is known.
-- Well enough: half of its length on one day. What nobody looked at is 'never', not sound.
-- No geometry here: the guideline allows lines beside street_segment and plans nowhere.
CREATE VIEW segment_assessment AS
WITH measured AS (
    SELECT segment_id, greatest(ST_Length(geom_m), 0.1) AS length_m FROM street_segment
)
SELECT
    measured.segment_id,
    measured.length_m,
    CASE
        WHEN whole.day IS NOT NULL AND today.day - whole.day <= 30 THEN 'recent'
        WHEN whole.day IS NOT NULL AND today.day - whole.day <= 180 THEN 'older'
        WHEN whole.day IS NOT NULL THEN 'old'
        WHEN part.day IS NOT NULL THEN 'partly'
        WHEN EXISTS (
            SELECT FROM segment_unassessed AS missed
            WHERE missed.segment_id = measured.segment_id
                AND (NOT missed.simulated OR city.simulated)
        ) THEN 'unassessable'
        ELSE 'never'
    END AS state,
    coalesce(whole.day, part.day) AS looked_on,
    greatest(today.day - coalesce(whole.day, part.day), 0) AS age_days,
    least(coalesce(whole.covered_m, part.covered_m) / measured.length_m, 1) AS covered_share,
    (
        SELECT count(*) FROM damage
        WHERE damage.segment_id = measured.segment_id AND state NOT IN ('dismissed', 'repaired')
    ) AS open_damages
FROM measured
CROSS JOIN city
CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE city.time_zone)::date AS day) AS today
LEFT JOIN LATERAL (
    SELECT known.day, known.covered_m FROM segment_coverage AS known
    WHERE known.segment_id = measured.segment_id AND (NOT known.simulated OR city.simulated)
        AND known.covered_m >= 0.5 * measured.length_m
    ORDER BY known.day DESC LIMIT 1
) AS whole ON true
LEFT JOIN LATERAL (
    SELECT known.day, known.covered_m FROM segment_coverage AS known
    WHERE known.segment_id = measured.segment_id AND (NOT known.simulated OR city.simulated)
        AND known.covered_m > 0
    ORDER BY known.day DESC LIMIT 1
) AS part ON true;

GRANT SELECT ON segment_assessment TO stadtwart_app;
