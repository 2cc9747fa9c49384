-- Whether the city is simulated; no row while none is loaded.
SELECT simulated FROM city
