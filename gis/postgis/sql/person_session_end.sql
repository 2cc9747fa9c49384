-- End an open session, named by its cookie's hash or its number.
UPDATE person_session SET ended_at = now(), ended_why = %(why)s
WHERE (session_sha256 = %(session_sha256)s::bytea OR number = %(number)s::text) AND ended_at IS NULL
RETURNING number
