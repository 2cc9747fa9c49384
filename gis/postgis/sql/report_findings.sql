-- Figures of the interval from finding_figures, which the people's pages use as well.
SELECT * FROM finding_figures(%(from_at)s, %(upto_at)s)
