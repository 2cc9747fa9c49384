-- Use a code up; no row where it is unknown, used, over, or meant for another device.
UPDATE device_enrolment SET used_at = now()
WHERE code_sha256 = %(code_sha256)s AND device_id = %(device_id)s
    AND used_at IS NULL AND expires_at > now()
RETURNING device_id
