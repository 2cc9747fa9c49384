-- Sessions of people that are over, and logins that were never finished.
WITH attempts AS (DELETE FROM login_attempt WHERE began_at < %(before)s)
DELETE FROM person_session
WHERE coalesce(ended_at, expires_at) < %(before)s
RETURNING number
