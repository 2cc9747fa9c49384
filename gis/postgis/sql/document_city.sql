-- What stands at the head of every page for reading.
SELECT name, slug, simulated, time_zone FROM city
