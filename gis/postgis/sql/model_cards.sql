-- Every card with its newest approval, newest card first.
SELECT
    card.card_sha256, card.system, card.name, card.model_version, card.model_sha256, card.folder,
    card.trained_by, card.registered_at, card.event_id, card.body,
    EXISTS (
        SELECT FROM model_active WHERE model_active.card_sha256 = card.card_sha256
    ) AS is_active
FROM model_card AS card
WHERE %(model_sha256)s::text IS NULL OR card.model_sha256 = %(model_sha256)s
ORDER BY card.system, card.registered_at DESC
