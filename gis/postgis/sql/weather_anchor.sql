-- The morning of the simulated city's first fill: its first forecasts but fifteen days.
SELECT min(issued_on) + 15 FROM weather_days WHERE kind = 'forecast' AND source = 'simulated'
