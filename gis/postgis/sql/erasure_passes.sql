-- Which vehicle was where when, for these sightings.
SELECT forget_passes(%(sighting_ids)s)
