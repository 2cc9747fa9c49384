-- Whether somebody is inside by the emergency door.
SELECT EXISTS (
    SELECT FROM person_session
    WHERE kind = 'break-glass' AND ended_at IS NULL AND expires_at > now()
        AND seen_at > now() - make_interval(mins => %(idle_minutes)s)
)
