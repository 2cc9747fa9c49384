-- Figures of the interval from quick_approvals, which the people's pages use as well.
SELECT * FROM quick_approvals(%(from_at)s, %(upto_at)s)
