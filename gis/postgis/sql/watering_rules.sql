-- The city's own thresholds and litres, where it states them.
SELECT profile FROM watering_profile
