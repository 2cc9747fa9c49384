-- The city's time zone.
SELECT time_zone FROM city
