-- Approvals of a model and their ends, oldest first.
SELECT decided_at, 'activated' AS kind, decided_by, is_simulated, shown_as, NULL AS reason, event_id
FROM model_activation WHERE model_sha256 = %(model_sha256)s
UNION ALL
SELECT gone.decided_at, 'retired', gone.decided_by, false, NULL, gone.reason, gone.event_id
FROM model_retirement AS gone
JOIN model_activation USING (activation_id)
WHERE model_sha256 = %(model_sha256)s
ORDER BY decided_at
