-- Damages whose segment or district is gone get the nearest of the new ones.
UPDATE damage SET
    segment_id = (
        SELECT segment_id FROM street_segment
        ORDER BY geom_m <-> ST_SetSRID(ST_MakePoint(x_m, y_m), city.metric_srid) LIMIT 1
    ),
    district_id = (
        SELECT district_id FROM district
        ORDER BY geom_m <-> ST_SetSRID(ST_MakePoint(x_m, y_m), city.metric_srid) LIMIT 1
    )
FROM city
WHERE damage.segment_id IS NULL OR damage.district_id IS NULL
