-- Open sessions, newest first.
SELECT number, person_id, display_name, person_session.kind, role, roles, opened_at, seen_at, expires_at
FROM person_session JOIN person USING (person_id)
WHERE ended_at IS NULL AND expires_at > now()
ORDER BY opened_at DESC
LIMIT 500
