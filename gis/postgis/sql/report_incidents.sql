-- Figures of the interval from incident_figures, which the people's pages use as well.
SELECT * FROM incident_figures(%(from_at)s, %(upto_at)s)
