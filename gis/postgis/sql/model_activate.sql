-- A person's approval of a model; a trigger refuses what the gate does not let through.
INSERT INTO model_activation (
    system, model_sha256, card_sha256, file_sha256, decided_by, decided_by_person_id, actor_kind,
    seconds_spent, is_simulated, shown_as, event_id
)
VALUES (
    %(system)s, %(model_sha256)s, %(card_sha256)s, %(file_sha256)s, %(decided_by)s,
    %(decided_by_person_id)s, %(actor_kind)s, %(seconds_spent)s, %(is_simulated)s, %(shown_as)s,
    %(event_id)s
)
RETURNING activation_id
