-- What the public reads.
SELECT * FROM register_public
WHERE %(record_id)s::text IS NULL OR record_id = %(record_id)s
ORDER BY record_id
