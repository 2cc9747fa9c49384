-- The key from sighting to batch cost a quarter of the database's time in ingest (11 of 45 µs a
-- sighting, measured). The one statement that writes sightings writes their batch with them, and
-- nobody may delete a batch, so the key guarded nothing that rights and that statement do not.
ALTER TABLE sighting DROP CONSTRAINT sighting_batch_id_fkey;
