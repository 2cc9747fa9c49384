-- How many sightings wait to be merged (partial index, so it is quick while there are few).
SELECT count(*) FROM sighting WHERE state = 'new'
