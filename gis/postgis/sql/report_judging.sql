-- The second detector's sample in the interval, by the truck's masking model.
SELECT * FROM judging_figures(%(from_at)s, %(upto_at)s)
