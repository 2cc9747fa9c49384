-- What the city's profile says about periods.
SELECT profile -> 'data_protection' FROM city_profile
