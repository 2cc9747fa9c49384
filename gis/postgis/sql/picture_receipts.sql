-- The receipts that announce a picture, each with its device and the key known of that device.
SELECT DISTINCT
    batch.device_id,
    sighting.mask_receipt,
    device_key.public_key,
    EXISTS (
        SELECT FROM revoked_device_key
        WHERE revoked_device_key.public_key = sighting.mask_receipt ->> 'device_key'
    ) AS is_revoked
FROM sighting
JOIN batch USING (batch_id)
LEFT JOIN device_key ON device_key.device_id = batch.device_id
WHERE sighting.picture_sha256 = %(sha256)s
