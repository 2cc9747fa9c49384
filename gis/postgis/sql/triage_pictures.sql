-- Pictures of damages that people have judged, newest first: what a detector can learn from.
SELECT
    damage.damage_id,
    damage.damage_class,
    verdict.verdict = 'confirmed' AS is_damage,
    coalesce(damage.segment_id, 'no street') AS segment_id,
    sighting.simulated,
    sighting.mask_receipt -> 'damage' AS damage_box,
    picture.jpeg,
    picture.width_px,
    picture.height_px
FROM damage
JOIN verdict ON verdict.verdict_id = damage.current_verdict_id
JOIN sighting ON sighting.damage_id = damage.damage_id
JOIN picture ON picture.sha256 = sighting.picture_sha256 AND NOT picture.is_withheld
WHERE verdict.verdict IN ('confirmed', 'not a damage')
ORDER BY verdict.decided_at DESC, damage.damage_id, sighting.sighting_id
