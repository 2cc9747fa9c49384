-- What a damage learns from the sightings just settled: counts, times, the surest claim, the most
-- exact place and area, the surest picture. The anchor stays where it is.
UPDATE damage SET
    sightings = damage.sightings + news.sightings,
    suppressed = damage.suppressed
        + CASE WHEN damage.state = 'dismissed' THEN news.sightings ELSE 0 END,
    first_seen_at = least(damage.first_seen_at, news.first_seen_at),
    last_seen_at = greatest(damage.last_seen_at, news.last_seen_at),
    confidence = greatest(damage.confidence, news.confidence),
    model_sha256 = CASE
        WHEN news.confidence > damage.confidence THEN news.model_sha256 ELSE damage.model_sha256
    END,
    made_at = CASE
        WHEN news.confidence > damage.confidence THEN news.made_at ELSE damage.made_at
    END,
    simulated = damage.simulated OR news.simulated,
    position_error_m = least(damage.position_error_m, news.position_error_m),
    longitude_deg = CASE
        WHEN news.position_error_m < damage.position_error_m THEN news.longitude_deg
        ELSE damage.longitude_deg
    END,
    latitude_deg = CASE
        WHEN news.position_error_m < damage.position_error_m THEN news.latitude_deg
        ELSE damage.latitude_deg
    END,
    area_m2 = CASE
        WHEN damage.area_m2 IS NULL OR news.area_error_m2 < damage.area_error_m2 THEN news.area_m2
        ELSE damage.area_m2
    END,
    area_error_m2 = CASE
        WHEN damage.area_m2 IS NULL OR news.area_error_m2 < damage.area_error_m2
            THEN news.area_error_m2
        ELSE damage.area_error_m2
    END,
    picture_sighting_id = CASE
        WHEN news.picture_confidence > coalesce(shown.confidence, -1) THEN news.picture_sighting_id
        ELSE damage.picture_sighting_id
    END
FROM (
    SELECT
        damage_id,
        count(*) AS sightings,
        min(seen_at) AS first_seen_at,
        max(seen_at) AS last_seen_at,
        max(confidence) AS confidence,
        (array_agg(model_sha256 ORDER BY confidence DESC))[1] AS model_sha256,
        (array_agg(seen_at ORDER BY confidence DESC))[1] AS made_at,
        bool_or(simulated) AS simulated,
        min(position_error_m) AS position_error_m,
        (array_agg(longitude_deg ORDER BY position_error_m, sighting_id))[1] AS longitude_deg,
        (array_agg(latitude_deg ORDER BY position_error_m, sighting_id))[1] AS latitude_deg,
        (array_agg(area_m2 ORDER BY area_error_m2 NULLS LAST) FILTER (WHERE area_m2 IS NOT NULL))[1]
            AS area_m2,
        (array_agg(area_error_m2 ORDER BY area_error_m2 NULLS LAST)
            FILTER (WHERE area_m2 IS NOT NULL))[1] AS area_error_m2,
        max(confidence) FILTER (WHERE picture_sha256 IS NOT NULL) AS picture_confidence,
        (array_agg(sighting_id ORDER BY confidence DESC)
            FILTER (WHERE picture_sha256 IS NOT NULL))[1] AS picture_sighting_id
    FROM sighting
    WHERE sighting_id = ANY (%(sighting_id)s::uuid[])
    GROUP BY damage_id
) AS news
LEFT JOIN damage AS before ON before.damage_id = news.damage_id
LEFT JOIN sighting AS shown ON shown.sighting_id = before.picture_sighting_id
WHERE damage.damage_id = news.damage_id
RETURNING damage.state, news.sightings
