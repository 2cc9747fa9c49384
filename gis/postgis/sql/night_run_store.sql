-- One nightly run; its states and trees follow in the same transaction.
INSERT INTO night_runs (
    for_day, seconds, trees, states, methods, weather, model, thresholds, past_days,
    past_rain_mm, past_et0_mm, ahead_rain_mm, ahead_et0_mm, digest, simulated
) VALUES (
    %(for_day)s, %(seconds)s, %(trees)s, %(states)s, %(methods)s::jsonb, %(weather)s::jsonb,
    %(model)s::jsonb, %(thresholds)s::jsonb, %(past_days)s, %(past_rain_mm)s, %(past_et0_mm)s,
    %(ahead_rain_mm)s, %(ahead_et0_mm)s, %(digest)s, %(simulated)s
)
RETURNING run_id
