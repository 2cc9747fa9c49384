-- Accounts of people who have not logged in for long: with them goes who they were.
DELETE FROM person WHERE coalesce(last_login_at, created_at) < %(before)s
    AND NOT EXISTS (SELECT FROM break_glass_account WHERE break_glass_account.person_id = person.person_id)
RETURNING encode(sha256(convert_to(person_id::text, 'UTF8')), 'hex')
