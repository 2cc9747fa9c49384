-- The newest observation and forecast, and the hours after which they are stale or too old.
SELECT
    (SELECT max(day) FROM weather_days WHERE kind = 'observed') AS observed_until,
    (SELECT max(issued_on) FROM weather_days WHERE kind = 'forecast') AS forecast_issued_on,
    (
        SELECT source FROM weather_days WHERE kind = 'observed' ORDER BY day DESC LIMIT 1
    ) AS source,
    (
        SELECT count(*) FROM weather_days
        WHERE kind = 'observed' AND day > current_date - 90 AND 'radiation estimated' = ANY(flags)
    )::integer AS radiation_estimated_days,
    coalesce((SELECT (weather ->> 'filled_days')::integer FROM newest_night), 0) AS filled_days,
    coalesce((SELECT (body -> 'weather_feed' ->> 'fresh_h')::float8 FROM tree_profile), 36) AS fresh_h,
    coalesce((SELECT (body -> 'weather_feed' ->> 'rule_h')::float8 FROM tree_profile), 48) AS rule_h
