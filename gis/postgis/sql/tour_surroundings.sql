-- Streets around a tour, for its sketch, and the city's name and clock.
SELECT
    city.name, city.time_zone,
    coalesce((
        SELECT jsonb_agg(ST_AsGeoJSON(street.geom, 6)::jsonb -> 'coordinates')
        FROM street_segment AS street
        WHERE street.geom && ST_Expand(tour.line::box2d, 0.002)
    ), '[]') AS streets
FROM tour CROSS JOIN city WHERE tour_id = %(tour_id)s
