-- Unmerged sightings, oldest first, for one merging transaction; others skip what it holds.
-- NO KEY: a row that another merger settled since this statement's snapshot is locked before it is
-- seen to be done, and stays locked; a damage that refers to it must not wait for that.
SELECT
    sighting.sighting_id,
    sighting.seen_at,
    sighting.received_at,
    sighting.damage_class,
    sighting.position_error_m,
    sighting.error_major_m,
    sighting.error_minor_m,
    sighting.error_bearing_deg,
    ST_Covers(city.zone, place.wgs84) AS is_in_city,
    (  -- from the first approval of a detector on, only approved ones count
        NOT EXISTS (SELECT FROM model_activation WHERE system = 'detector')
        OR EXISTS (
            SELECT FROM model_active
            WHERE system = 'detector' AND model_active.model_sha256 = sighting.model_sha256
        )
    ) AS is_model_approved,
    ST_X(metric.place) AS x_m,
    ST_Y(metric.place) AS y_m
FROM sighting
CROSS JOIN city
CROSS JOIN LATERAL (
    SELECT ST_SetSRID(ST_MakePoint(sighting.longitude_deg, sighting.latitude_deg), 4326) AS wgs84
) AS place
CROSS JOIN LATERAL (
    SELECT ST_Transform(place.wgs84, city.metric_srid) AS place OFFSET 0  -- transform once, not twice
) AS metric
WHERE sighting.state = 'new'
ORDER BY sighting.received_at, sighting.sighting_id
LIMIT %(at_most)s
FOR NO KEY UPDATE OF sighting SKIP LOCKED
