-- What register records say of the city: names, contact, the open audit log.
SELECT
    city.name,
    city.slug,
    profile -> 'administration' ->> 'authority' AS authority,
    profile -> 'administration' ->> 'email' AS email,
    log.origin,
    log.vkey
FROM city
LEFT JOIN city_profile ON true
LEFT JOIN LATERAL (
    SELECT origin, vkey FROM audit_log ORDER BY log_id DESC LIMIT 1
) AS log ON true
