-- What a damage learns from the sightings just settled: counts, times, the surest claim, what they
-- know of its place (gis.best_place weighs it), the most exact area with its urgency, the surest
-- picture. The anchor stays where it is.
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
    information_xx = damage.information_xx + placed.xx,
    information_xy = damage.information_xy + placed.xy,
    information_yy = damage.information_yy + placed.yy,
    information_x = damage.information_x + placed.x,
    information_y = damage.information_y + placed.y,
    area_m2 = CASE
        WHEN damage.area_m2 IS NULL OR news.area_error_m2 < damage.area_error_m2 THEN news.area_m2
        ELSE damage.area_m2
    END,
    area_error_m2 = CASE
        WHEN damage.area_m2 IS NULL OR news.area_error_m2 < damage.area_error_m2
            THEN news.area_error_m2
        ELSE damage.area_error_m2
    END,
    severity = CASE
        WHEN damage.severity IS NULL OR news.area_error_m2 < damage.area_error_m2
            THEN coalesce(news.severity, damage.severity)
        ELSE damage.severity
    END,
    severity_method = CASE
        WHEN damage.severity IS NULL OR news.area_error_m2 < damage.area_error_m2
            THEN coalesce(news.severity_method, damage.severity_method)
        ELSE damage.severity_method
    END,
    in_wheel_track = CASE
        WHEN damage.severity IS NULL OR news.area_error_m2 < damage.area_error_m2
            THEN coalesce(news.in_wheel_track, damage.in_wheel_track)
        ELSE damage.in_wheel_track
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
        (array_agg(area_m2 ORDER BY area_error_m2 NULLS LAST) FILTER (WHERE area_m2 IS NOT NULL))[1]
            AS area_m2,
        (array_agg(area_error_m2 ORDER BY area_error_m2 NULLS LAST)
            FILTER (WHERE area_m2 IS NOT NULL))[1] AS area_error_m2,
        (array_agg(severity ORDER BY area_error_m2 NULLS LAST, seen_at DESC)
            FILTER (WHERE severity IS NOT NULL))[1] AS severity,
        (array_agg(severity_method ORDER BY area_error_m2 NULLS LAST, seen_at DESC)
            FILTER (WHERE severity IS NOT NULL))[1] AS severity_method,
        (array_agg(in_wheel_track ORDER BY area_error_m2 NULLS LAST, seen_at DESC)
            FILTER (WHERE severity IS NOT NULL))[1] AS in_wheel_track,
        max(confidence) FILTER (WHERE picture_sha256 IS NOT NULL) AS picture_confidence,
        (array_agg(sighting_id ORDER BY confidence DESC)
            FILTER (WHERE picture_sha256 IS NOT NULL))[1] AS picture_sighting_id
    FROM sighting
    WHERE sighting_id = ANY (%(sighting_id)s::uuid[])
    GROUP BY damage_id
) AS news
JOIN unnest(
    %(placed_id)s::bigint[], %(xx)s::float8[], %(xy)s::float8[], %(yy)s::float8[],
    %(x)s::float8[], %(y)s::float8[]
) AS placed (damage_id, xx, xy, yy, x, y) ON placed.damage_id = news.damage_id
LEFT JOIN damage AS before ON before.damage_id = news.damage_id
LEFT JOIN sighting AS shown ON shown.sighting_id = before.picture_sighting_id
WHERE damage.damage_id = news.damage_id
RETURNING
    damage.damage_id, damage.state, news.sightings, damage.sightings AS sightings_total,
    damage.information_xx, damage.information_xy, damage.information_yy, damage.information_x,
    damage.information_y
