-- One moment of the database, for the dump and for counting.
SELECT pg_export_snapshot()
