-- The system of the city's metres.
SELECT metric_srid FROM city
