-- Why a code cannot be used: for the log, never for whoever tries.
SELECT used_at IS NOT NULL AS is_used, expires_at <= now() AS is_over
FROM device_enrolment
WHERE code_sha256 = %(code_sha256)s AND device_id = %(device_id)s
