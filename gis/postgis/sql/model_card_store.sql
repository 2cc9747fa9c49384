-- A verified card; storing it again changes nothing.
INSERT INTO model_card (
    card_sha256, system, name, model_version, model_sha256, file_sha256, folder, body,
    trained_by, trained_by_person_id, registered_by, event_id
)
VALUES (
    %(card_sha256)s, %(system)s, %(name)s, %(model_version)s, %(model_sha256)s, %(file_sha256)s,
    %(folder)s, %(body)s, %(trained_by)s, %(trained_by_person_id)s, %(registered_by)s, %(event_id)s
)
ON CONFLICT (card_sha256) DO NOTHING
RETURNING card_sha256
