-- What an earlier batch of this id held, to tell a repeat from a clash.
SELECT content_sha256 FROM batch WHERE batch_id = %(batch_id)s
