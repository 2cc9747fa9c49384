-- Figures of the interval from objection_figures, which the people's pages use as well.
SELECT * FROM objection_figures(%(from_at)s, %(upto_at)s)
