-- A sealed text and its key, by what the log holds of it.
SELECT sealed, key FROM sealed_payload JOIN payload_key USING (payload_id)
WHERE commitment = %(commitment)s
