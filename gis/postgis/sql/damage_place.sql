-- Show damages where their sightings together put them; one that was seen once stays where it was put.
UPDATE damage SET
    longitude_deg = CASE
        WHEN damage.sightings > 1 THEN ST_X(best.wgs84) ELSE damage.longitude_deg
    END,
    latitude_deg = CASE
        WHEN damage.sightings > 1 THEN ST_Y(best.wgs84) ELSE damage.latitude_deg
    END,
    position_error_m = CASE
        WHEN damage.sightings > 1 THEN best.error_m ELSE damage.position_error_m
    END,
    error_major_m = best.major_m,
    error_minor_m = best.minor_m,
    error_bearing_deg = best.bearing_deg
FROM (
    SELECT
        place.*,
        ST_Transform(
            ST_SetSRID(ST_MakePoint(place.x_m, place.y_m), city.metric_srid), 4326
        ) AS wgs84
    FROM unnest(
        %(damage_id)s::bigint[], %(x_m)s::float8[], %(y_m)s::float8[], %(error_m)s::float8[],
        %(major_m)s::float8[], %(minor_m)s::float8[], %(bearing_deg)s::float8[]
    ) AS place (damage_id, x_m, y_m, error_m, major_m, minor_m, bearing_deg)
    CROSS JOIN city
) AS best
WHERE damage.damage_id = best.damage_id
