-- One signed checkpoint.
INSERT INTO audit_checkpoint (log_id, size, note) VALUES (%(log_id)s, %(size)s, %(note)s)
