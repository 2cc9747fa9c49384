-- The city and what it says about itself, for reports.
SELECT city.name, city.slug, city.simulated, city.time_zone, city_profile.profile
FROM city LEFT JOIN city_profile USING (city_id)
