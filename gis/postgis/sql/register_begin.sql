-- A record's row; there from its first version on.
INSERT INTO register_record (record_id) VALUES (%(record_id)s) ON CONFLICT DO NOTHING
