-- How many entries a log has, by its last one.
SELECT coalesce(max(seq) + 1, 0) FROM audit_entry WHERE log_id = %(log_id)s
