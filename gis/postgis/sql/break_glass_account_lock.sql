-- The same while a try is counted, so that ten at once count as ten.
SELECT person_id, password_hash, failures, locked_until, disabled_at
FROM break_glass_account JOIN person USING (person_id)
WHERE account_name = %(account_name)s
FOR UPDATE OF break_glass_account
