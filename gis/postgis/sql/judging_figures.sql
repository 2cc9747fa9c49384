-- What the second detector and people said of a time, by the truck's masking model.
SELECT * FROM judging_figures(%(since)s, %(upto)s)
