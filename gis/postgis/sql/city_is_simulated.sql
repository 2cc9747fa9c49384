-- Whether the city is invented.
SELECT simulated FROM city
