-- Pictures of damages that still wait for a decision or a repair: kept longer, not for ever.
SELECT forget_pictures(ARRAY(
    SELECT DISTINCT picture_sha256 FROM sighting
    WHERE picture_sha256 IS NOT NULL AND received_at < %(before)s
))
