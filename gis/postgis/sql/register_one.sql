-- One version of a record.
SELECT body, sha256, written_at, event_id FROM register_version
WHERE record_id = %(record_id)s AND version = %(version)s
