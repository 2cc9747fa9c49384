-- A local emergency account by its name.
SELECT person_id, password_hash, failures, locked_until, disabled_at
FROM break_glass_account JOIN person USING (person_id)
WHERE account_name = %(account_name)s
