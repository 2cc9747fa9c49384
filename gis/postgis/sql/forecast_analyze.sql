-- Tell the planner about the rows of this night.
SELECT analyze_forecasts()
