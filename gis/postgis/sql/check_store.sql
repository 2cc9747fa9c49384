-- One forecast beside its truth.
INSERT INTO forecast_checks (
    for_day, run_id, tree_id, horizon_d, truth, q10, q50, q90, method, balance, model,
    persistence, climatology
) VALUES (
    %(for_day)s, %(run_id)s, %(tree_id)s, %(horizon_d)s, %(truth)s, %(q10)s, %(q50)s, %(q90)s,
    %(method)s, %(balance)s, %(model)s, %(persistence)s, %(climatology)s
)
ON CONFLICT DO NOTHING
