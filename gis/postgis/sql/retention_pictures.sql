-- Pictures of damages that nobody works on any more, and announcements that were never followed.
SELECT forget_pictures(ARRAY(
    SELECT DISTINCT sighting.picture_sha256
    FROM sighting LEFT JOIN damage USING (damage_id)
    WHERE sighting.picture_sha256 IS NOT NULL AND sighting.received_at < %(before)s
        AND (damage.state IS NULL OR damage.state IN ('dismissed', 'repaired'))
    UNION
    SELECT sha256 FROM picture
    WHERE stored_at < %(before)s
        AND NOT EXISTS (SELECT FROM sighting WHERE picture_sha256 = picture.sha256)
))
