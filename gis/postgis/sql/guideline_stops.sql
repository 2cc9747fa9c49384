-- Rules that stop an action now.
SELECT guideline_stops(%(action)s)
