-- The last signed checkpoint of a log.
SELECT size, note FROM audit_checkpoint WHERE log_id = %(log_id)s ORDER BY size DESC LIMIT 1
