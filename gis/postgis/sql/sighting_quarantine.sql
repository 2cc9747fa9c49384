-- Sightings that cannot be true: kept for a person, never on the map.
UPDATE sighting SET state = 'quarantined', quarantine_reason = refused.reason
FROM unnest(%(sighting_id)s::uuid[], %(reason)s::text[]) AS refused (sighting_id, reason)
WHERE sighting.sighting_id = refused.sighting_id
