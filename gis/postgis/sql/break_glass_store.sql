-- Make an emergency account, or give it another password; either unlocks it.
WITH known AS (
    SELECT person_id FROM break_glass_account WHERE account_name = %(account_name)s
), made AS (
    INSERT INTO person (kind) SELECT 'break-glass' WHERE NOT EXISTS (SELECT FROM known)
    RETURNING person_id
)
INSERT INTO break_glass_account (person_id, account_name, password_hash)
SELECT person_id, %(account_name)s, %(password_hash)s
FROM (SELECT person_id FROM known UNION ALL SELECT person_id FROM made) AS one
ON CONFLICT (person_id) DO UPDATE SET
    password_hash = excluded.password_hash, failures = 0, locked_until = NULL, changed_at = now()
RETURNING person_id
