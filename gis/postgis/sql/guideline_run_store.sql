-- One run of the guideline's checks.
INSERT INTO guideline_run (guideline_version, guideline_sha256, event_id)
VALUES (%(version)s, %(sha256)s, %(event_id)s)
RETURNING run_id, checked_at
