-- A person's new session; the cookie's hash is its key.
INSERT INTO person_session (
    session_sha256, number, person_id, kind, reference, roles, role, authenticated_at, expires_at
)
VALUES (
    %(session_sha256)s, %(number)s, %(person_id)s, %(kind)s, %(reference)s, %(roles)s::text[],
    %(role)s, %(authenticated_at)s, now() + make_interval(mins => %(lasts_minutes)s)
)
