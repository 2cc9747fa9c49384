-- The city with its bounds and districts, for the first request of a page.
SELECT
    city.name,
    city.simulated,
    ARRAY[ST_XMin(box), ST_YMin(box), ST_XMax(box), ST_YMax(box)] AS bounds,
    ARRAY[(ST_XMin(box) + ST_XMax(box)) / 2, (ST_YMin(box) + ST_YMax(box)) / 2] AS centre,
    city.time_zone,
    city.source,
    coalesce(districts, '[]') AS districts
FROM city
CROSS JOIN LATERAL (
    SELECT
        ST_Extent(geom) AS box,
        jsonb_agg(jsonb_build_object('district_id', district_id, 'name', name) ORDER BY name)
            AS districts
    FROM district
) AS parts
