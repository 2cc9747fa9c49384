-- A damage as people see it: with street, district, and its picture once that has arrived.
CREATE VIEW damage_report AS
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
    -- What to look at first. The weights are a guess until repair costs are known: a pothole breaks
    -- axles, an alligator crack becomes one; often seen and surely seen come before once and maybe.
    damage.confidence
        * CASE damage.damage_class WHEN 'D40' THEN 4 WHEN 'D20' THEN 2 ELSE 1 END
        * (1 + ln(greatest(damage.sightings, 1))) AS priority
FROM damage
LEFT JOIN street_segment USING (segment_id)
LEFT JOIN district ON district.district_id = damage.district_id
LEFT JOIN sighting AS shown ON shown.sighting_id = damage.picture_sighting_id
LEFT JOIN picture ON picture.sha256 = shown.picture_sha256;

GRANT SELECT ON damage_report TO stadtwart_app;
