-- Whether a model's results count: approved, or nobody has approved any of this system yet.
SELECT model_may_decide(%(system)s, %(model_sha256)s)
