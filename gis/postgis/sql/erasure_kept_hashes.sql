-- Under which hashes a picture was kept, as the log says: ours is re-encoded.
SELECT convert_from(body, 'UTF8')::jsonb -> 'data' ->> 'kept_sha256' FROM audit_outbox
WHERE subject_kind = 'picture' AND subject_id = %(needle)s AND kind = 'picture.stored'
