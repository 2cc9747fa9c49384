-- Notes that lie sealed beside the log, with their keys.
DELETE FROM sealed_payload WHERE sealed_at < %(before)s RETURNING payload_id::text
