-- The stop holds again.
UPDATE rule_lifting SET ended_at = now(), ended_by = %(ended_by)s
WHERE rule_id = %(rule_id)s AND ended_at IS NULL AND until > now()
RETURNING lifting_id
