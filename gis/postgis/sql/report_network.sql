-- The length of each district's streets, in the city's own metric CRS; streets of no district too.
SELECT
    district.district_id,
    district.name AS district,
    coalesce(sum(ST_Length(street_segment.geom_m)), 0)::double precision AS network_m
FROM district
FULL JOIN street_segment ON street_segment.district_id = district.district_id
GROUP BY district.district_id, district.name
ORDER BY district.name NULLS LAST
