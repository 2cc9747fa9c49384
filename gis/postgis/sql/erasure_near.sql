-- Sightings near a place in a span of time; of thinned ones only the day is known, so it counts whole.
SELECT sighting_id, picture_sha256 FROM sighting
WHERE ST_DWithin(
        ST_MakePoint(longitude_deg, latitude_deg)::geography,
        ST_MakePoint(%(longitude_deg)s, %(latitude_deg)s)::geography,
        %(radius_m)s + position_error_m
    )
    AND seen_at < %(until)s
    AND seen_at >= CASE batch_id
        WHEN '00000000-0000-0000-0000-000000000000'
        THEN date_trunc('day', %(since)s::timestamptz, 'UTC') ELSE %(since)s
    END
