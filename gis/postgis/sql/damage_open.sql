-- New damages, one for each anchor sighting, on their nearest street segment and in their district.
INSERT INTO damage (
    anchor_sighting_id, damage_class, x_m, y_m, cell, longitude_deg, latitude_deg,
    position_error_m, first_seen_at, last_seen_at, confidence, model_sha256, made_at, simulated,
    segment_id, district_id
)
SELECT
    sighting.sighting_id, sighting.damage_class, anchor.x_m, anchor.y_m, anchor.cell,
    sighting.longitude_deg, sighting.latitude_deg, sighting.position_error_m,
    sighting.seen_at, sighting.seen_at, sighting.confidence, sighting.model_sha256,
    sighting.seen_at, sighting.simulated, street.segment_id, part.district_id
FROM unnest(
    %(sighting_id)s::uuid[], %(x_m)s::float8[], %(y_m)s::float8[], %(cell)s::bigint[]
) AS anchor (sighting_id, x_m, y_m, cell)
JOIN sighting USING (sighting_id)
CROSS JOIN city
CROSS JOIN LATERAL (
    SELECT ST_SetSRID(ST_MakePoint(anchor.x_m, anchor.y_m), city.metric_srid) AS place
) AS metric
LEFT JOIN LATERAL (
    SELECT segment_id FROM street_segment ORDER BY geom_m <-> metric.place LIMIT 1
) AS street ON true
LEFT JOIN LATERAL (
    SELECT district_id FROM district ORDER BY geom_m <-> metric.place LIMIT 1
) AS part ON true
RETURNING damage_id, anchor_sighting_id
