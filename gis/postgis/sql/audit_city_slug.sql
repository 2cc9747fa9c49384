-- The city's short name, for the name of its log.
SELECT slug FROM city
