-- Which models spoke in the interval, and how often.
SELECT model_sha256, count(*) AS sightings
FROM sighting
WHERE received_at >= %(from_at)s AND received_at < %(upto_at)s
GROUP BY model_sha256
ORDER BY sightings DESC, model_sha256
