-- Make room for a month's forecasts.
SELECT make_forecast_partitions(%(for_day)s)
