-- Act in another of the roles the provider gave.
UPDATE person_session SET role = %(role)s
WHERE number = %(number)s AND ended_at IS NULL AND %(role)s = ANY (roles)
RETURNING role
