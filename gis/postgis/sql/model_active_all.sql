-- Approved models, each with the card it was approved by last.
SELECT DISTINCT ON (model_active.system, model_active.model_sha256)
    model_active.*, model_card.name, model_card.model_version, model_card.body AS card
FROM model_active JOIN model_card USING (card_sha256)
ORDER BY model_active.system, model_active.model_sha256, model_active.activation_id DESC
