-- The newest alarms of the drift watch.
SELECT raised_at, horizon_d, measure, value, low, high, checks
FROM watering_alarms ORDER BY raised_at DESC LIMIT 20
