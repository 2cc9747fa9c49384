-- Everybody who ever logged in, with the roles of their last session.
SELECT
    person_id, kind, display_name, created_at, last_login_at, disabled_at,
    coalesce((
        SELECT roles FROM person_session AS one WHERE one.person_id = person.person_id
        ORDER BY opened_at DESC LIMIT 1
    ), '{}') AS roles
FROM person
ORDER BY last_login_at DESC NULLS LAST, created_at DESC
LIMIT 1000
