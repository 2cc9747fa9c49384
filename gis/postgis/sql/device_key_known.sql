-- The key known of a device, and whether the one it brings was revoked before.
SELECT
    (SELECT public_key FROM device_key WHERE device_id = %(device_id)s) AS known_key,
    EXISTS (SELECT FROM revoked_device_key WHERE public_key = %(public_key)s) AS is_revoked
