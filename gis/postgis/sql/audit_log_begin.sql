-- Begin a log.
INSERT INTO audit_log (origin, vkey) VALUES (%(origin)s, %(vkey)s) RETURNING log_id
