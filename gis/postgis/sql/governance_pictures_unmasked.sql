-- Pictures that no mask receipt announces.
SELECT sha256 FROM picture
WHERE NOT EXISTS (
    SELECT FROM sighting
    WHERE sighting.picture_sha256 = picture.sha256
        AND (sighting.mask_receipt ->> 'mask_model_sha256') IS NOT NULL
)
LIMIT 10
