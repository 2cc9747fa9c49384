-- The middle of the city, for the sun's height.
SELECT ST_Y(ST_Centroid(zone)) FROM city
