-- Become the only sequencer of this database, until the connection ends; false: another one is.
SELECT pg_try_advisory_lock(%(key)s)
