-- A sealed text with its key, each in its own table.
WITH kept AS (
    INSERT INTO sealed_payload (payload_id, commitment, sealed)
    VALUES (%(payload_id)s, %(commitment)s, %(sealed)s)
)
INSERT INTO payload_key (payload_id, key) VALUES (%(payload_id)s, %(key)s)
