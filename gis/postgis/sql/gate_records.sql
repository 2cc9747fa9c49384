-- By horizon: sensor trees, days from first to last check, errors of each candidate.
SELECT
    horizon_d::integer,
    count(DISTINCT tree_id)::integer AS sites,
    (max(for_day) - min(for_day))::integer AS span_days,
    sqrt(avg((model - truth) ^ 2))::float8 AS learned,
    sqrt(avg((balance - truth) ^ 2))::float8 AS balance,
    sqrt(avg((persistence - truth) ^ 2))::float8 AS persistence,
    sqrt(avg((climatology - truth) ^ 2))::float8 AS climatology
FROM forecast_checks
WHERE for_day + horizon_d < %(before)s AND model IS NOT NULL
GROUP BY horizon_d
ORDER BY horizon_d
