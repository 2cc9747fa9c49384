-- A person takes an approval back.
INSERT INTO model_retirement (activation_id, decided_by, reason, event_id)
SELECT activation_id, %(decided_by)s, %(reason)s, %(event_id)s
FROM model_active WHERE model_sha256 = %(model_sha256)s
RETURNING activation_id
