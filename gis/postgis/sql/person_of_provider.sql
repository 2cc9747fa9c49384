-- The person a provider vouches for; made at the first login, the name follows the provider.
INSERT INTO person (kind, issuer, subject, display_name, last_login_at)
VALUES ('provider', %(issuer)s, %(subject)s, %(display_name)s, now())
ON CONFLICT (issuer, subject) DO UPDATE
SET display_name = excluded.display_name, last_login_at = now()
RETURNING person_id, disabled_at IS NOT NULL AS is_disabled
