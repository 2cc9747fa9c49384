-- A login comes back: once, in time, in the browser that began it.
DELETE FROM login_attempt
WHERE state_sha256 = %(state_sha256)s AND browser_sha256 = %(browser_sha256)s
    AND began_at > now() - interval '10 minutes'
RETURNING nonce, code_verifier, return_to, is_fresh, began_at
