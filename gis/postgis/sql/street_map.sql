-- The city's streets as a truck needs them (contracts/coverage.py: StreetMap), as one JSON text.
SELECT json_build_object(
    'version', 1,
    'time_zone', city.time_zone,
    'streets', coalesce((
        SELECT json_agg(
            json_build_object(
                'segment_id', segment_id, 'points', ST_AsGeoJSON(geom, 7)::json -> 'coordinates'
            )
            ORDER BY segment_id
        )
        FROM street_segment
    ), '[]'::json)
)::text
FROM city
