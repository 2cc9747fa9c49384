-- Figures of the interval from review_figures, which the people's pages use as well.
SELECT * FROM review_figures(%(from_at)s, %(upto_at)s)
