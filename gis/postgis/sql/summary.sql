-- Everything the city counts, in one row.
SELECT
    count(*) FILTER (WHERE state = 'waiting') AS waiting,
    count(*) FILTER (WHERE state = 'confirmed') AS confirmed,
    count(*) FILTER (WHERE state = 'dismissed') AS dismissed,
    count(*) FILTER (WHERE state = 'unsure') AS unsure,
    count(*) FILTER (WHERE state = 'ordered') AS ordered,
    count(*) FILTER (WHERE state = 'repaired') AS repaired,
    (SELECT count(*) FROM sighting) AS sightings,
    (SELECT count(*) FROM sighting WHERE state = 'quarantined') AS quarantined,
    (SELECT count(*) FROM picture) AS pictures,
    (SELECT count(*) FROM picture WHERE is_withheld) AS pictures_withheld,
    max(last_seen_at) AS last_sighting_at
FROM damage
