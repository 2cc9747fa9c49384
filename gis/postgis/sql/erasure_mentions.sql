-- Entries of the log that are about a thing.
SELECT event_id FROM audit_outbox
WHERE subject_kind = %(subject_kind)s AND subject_id = %(subject_id)s
ORDER BY event_id
