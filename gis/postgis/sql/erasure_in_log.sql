-- Bodies of the log that hold a text anywhere.
SELECT count(*) FROM audit_outbox WHERE position(convert_to(%(needle)s, 'UTF8') IN body) > 0
