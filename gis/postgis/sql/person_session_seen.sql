-- Somebody uses this session.
UPDATE person_session SET seen_at = now() WHERE session_sha256 = %(session_sha256)s
