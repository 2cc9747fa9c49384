-- The newest sightings of a damage, with those pictures that have arrived.
SELECT
    sighting.sighting_id,
    sighting.seen_at,
    sighting.confidence,
    sighting.position_error_m,
    sighting.error_major_m,
    sighting.error_minor_m,
    sighting.error_bearing_deg,
    sighting.in_wheel_track,
    sighting.severity,
    picture.sha256 AS picture_sha256
FROM sighting
LEFT JOIN picture ON picture.sha256 = sighting.picture_sha256 AND NOT picture.is_withheld
WHERE sighting.damage_id = %(damage_id)s
ORDER BY sighting.seen_at DESC, sighting.sighting_id
LIMIT 100
