-- Every checkpoint of a log, the smallest first.
SELECT size, note FROM audit_checkpoint WHERE log_id = %(log_id)s ORDER BY size
