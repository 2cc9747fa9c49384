-- Models whose sightings came in during the last 30 days, and whether a person approved them.
SELECT model_sha256, count(*) AS sightings, model_is_active(model_sha256) AS is_active
FROM sighting
WHERE received_at > now() - interval '30 days' AND state <> 'quarantined'
GROUP BY model_sha256
ORDER BY model_sha256
