-- One day of weather; a corrected observation, or a repeated issue of a forecast, replaces the older.
INSERT INTO weather_days (
    day, kind, issued_on, rain_mm, et0_mm, mean_c, span_c, humidity_share, flags, source
) VALUES (
    %(day)s, %(kind)s, %(issued_on)s, %(rain_mm)s, %(et0_mm)s, %(mean_c)s, %(span_c)s,
    %(humidity_share)s, %(flags)s, %(source)s
)
ON CONFLICT (day, kind, issued_on) DO UPDATE SET
    rain_mm = excluded.rain_mm,
    et0_mm = excluded.et0_mm,
    mean_c = excluded.mean_c,
    span_c = excluded.span_c,
    humidity_share = excluded.humidity_share,
    flags = excluded.flags,
    source = excluded.source,
    fetched_at = now()
