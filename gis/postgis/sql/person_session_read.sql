-- The open session behind a cookie, if it is not over, idle or its person disabled.
SELECT
    number, person_id, person_session.kind, reference, role, roles, authenticated_at, display_name,
    seen_at < now() - interval '1 minute' AS is_stale
FROM person_session JOIN person USING (person_id)
WHERE session_sha256 = %(session_sha256)s
    AND ended_at IS NULL
    AND expires_at > now()
    AND disabled_at IS NULL
    AND seen_at > now() - make_interval(
        mins => CASE person_session.kind
            WHEN 'break-glass' THEN %(break_glass_idle_minutes)s::integer
            ELSE %(idle_minutes)s::integer
        END
    )
