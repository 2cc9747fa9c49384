-- What was observed, and what was forecast by a day, around it.
SELECT
    day, kind, issued_on, rain_mm::float8, et0_mm::float8, mean_c::float8, span_c::float8,
    humidity_share::float8, flags
FROM weather_days
WHERE
    day BETWEEN %(first)s AND %(last)s
    AND (kind = 'observed' OR issued_on <= %(for_day)s)
ORDER BY day, issued_on
