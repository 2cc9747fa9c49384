-- What the newest night run says of itself, for a plan's label.
SELECT run_id, model ->> 'sha256' AS model_sha256, methods, simulated, digest FROM newest_night
