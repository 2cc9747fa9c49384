-- Second looks and quick approvals of an interval.
SELECT * FROM review_figures(%(since)s, %(upto)s), quick_approvals(%(since)s, %(upto)s)
