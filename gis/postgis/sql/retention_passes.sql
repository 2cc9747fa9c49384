-- Which vehicle was where at what time: sightings no damage needs are deleted, the others thinned.
SELECT forget_passes(ARRAY(
    SELECT sighting_id FROM sighting
    WHERE seen_at < %(before)s AND received_at < %(before)s AND state <> 'new'
        AND batch_id <> '00000000-0000-0000-0000-000000000000'
))
