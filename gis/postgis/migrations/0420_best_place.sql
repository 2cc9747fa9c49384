-- A damage's place is the weighted mean of its sightings (gis.best_place): what is known adds up here.
-- Beside it the ellipse of the result, and the level of urgency of the sighting that gave the area.
ALTER TABLE damage
    ADD COLUMN information_xx double precision NOT NULL DEFAULT 0,  -- inverse covariance, 1/m²
    ADD COLUMN information_xy double precision NOT NULL DEFAULT 0,
    ADD COLUMN information_yy double precision NOT NULL DEFAULT 0,
    ADD COLUMN information_x double precision NOT NULL DEFAULT 0,  -- its product with the place, 1/m
    ADD COLUMN information_y double precision NOT NULL DEFAULT 0,
    ADD COLUMN error_major_m double precision,  -- half axes of the ellipse that holds it in 90 %
    ADD COLUMN error_minor_m double precision,
    ADD COLUMN error_bearing_deg double precision,  -- of the major axis, clockwise from grid north
    ADD COLUMN in_wheel_track boolean,
    ADD COLUMN severity text CHECK (severity IN ('low', 'medium', 'high')),
    ADD COLUMN severity_method text;
ALTER TABLE sighting ADD COLUMN severity_method text;

-- Damages known before: the place shown so far counts once, as round as its stated error.
UPDATE damage SET
    information_xx = weight.w, information_yy = weight.w,
    information_x = weight.w * ST_X(weight.place), information_y = weight.w * ST_Y(weight.place)
FROM (
    SELECT
        damage_id,
        (1.5096 / greatest(position_error_m, 0.3)) ^ 2 AS w,
        ST_Transform(
            ST_SetSRID(ST_MakePoint(longitude_deg, latitude_deg), 4326), city.metric_srid
        ) AS place
    FROM damage CROSS JOIN city
) AS weight
WHERE weight.damage_id = damage.damage_id;

-- The same view with the new columns at its end.
CREATE OR REPLACE VIEW damage_report AS
SELECT
    damage.damage_id,
    damage.damage_class,
    damage.state,
    damage.longitude_deg,
    damage.latitude_deg,
    damage.position_error_m,
    damage.area_m2,
    damage.area_error_m2,
    damage.confidence,
    damage.sightings,
    damage.suppressed,
    damage.first_seen_at,
    damage.last_seen_at,
    street_segment.name AS street,
    damage.segment_id,
    damage.district_id,
    district.name AS district,
    picture.sha256 AS picture_sha256,
    CASE WHEN picture.sha256 IS NOT NULL THEN shown.mask_receipt -> 'damage' END AS damage_box,
    damage.current_verdict_id,
    damage.work_order_id,
    damage.model_sha256,
    damage.made_at,
    damage.simulated,
    damage.confidence
        * CASE damage.damage_class WHEN 'D40' THEN 4 WHEN 'D20' THEN 2 ELSE 1 END
        * (1 + ln(greatest(damage.sightings, 1))) AS priority,
    damage.error_major_m,
    damage.error_minor_m,
    damage.error_bearing_deg,
    damage.in_wheel_track,
    damage.severity,
    damage.severity_method
FROM damage
LEFT JOIN street_segment USING (segment_id)
LEFT JOIN district ON district.district_id = damage.district_id
LEFT JOIN sighting AS shown ON shown.sighting_id = damage.picture_sighting_id
LEFT JOIN picture ON picture.sha256 = shown.picture_sha256;
