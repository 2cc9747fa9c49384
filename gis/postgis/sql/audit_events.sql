-- Audit events as stored, newest first; `after` continues a list below that event.
SELECT body FROM audit_outbox
WHERE
    (%(subject_kind)s::text IS NULL OR subject_kind = %(subject_kind)s::text)
    AND (%(subject_id)s::text IS NULL OR subject_id = %(subject_id)s::text)
    AND (%(after)s::uuid IS NULL OR event_id < %(after)s::uuid)
ORDER BY event_id DESC
LIMIT %(limit)s
