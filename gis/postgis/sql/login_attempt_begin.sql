-- A login begins; those nobody finished are forgotten.
WITH forgotten AS (
    DELETE FROM login_attempt WHERE began_at < now() - interval '10 minutes'
)
INSERT INTO login_attempt (
    state_sha256, browser_sha256, nonce, code_verifier, return_to, is_fresh
)
VALUES (
    %(state_sha256)s, %(browser_sha256)s, %(nonce)s, %(code_verifier)s, %(return_to)s, %(is_fresh)s
)
