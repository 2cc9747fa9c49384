-- Sightings that were put aside and never counted.
DELETE FROM sighting WHERE received_at < %(before)s AND state = 'quarantined'
RETURNING sighting_id::text
