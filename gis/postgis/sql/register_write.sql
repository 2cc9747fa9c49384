-- The next version of a record; a trigger refuses a gap.
INSERT INTO register_version (record_id, version, body, sha256, written_by, event_id)
VALUES (%(record_id)s, %(version)s, %(body)s, %(sha256)s, %(written_by)s, %(event_id)s)
RETURNING version
