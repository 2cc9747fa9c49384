-- A model's sightings of the last weeks are found without reading all. BRIN: rows lie as they came in,
-- so it is some kilobytes and costs ingest nothing that can be measured by row; merging stays in place.
CREATE INDEX sighting_received ON sighting USING brin (received_at);
