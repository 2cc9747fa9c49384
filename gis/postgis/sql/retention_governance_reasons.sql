-- Why a record was withdrawn, a model retired or a rule's stop lifted; the decision itself stays.
WITH publications AS (
    UPDATE register_publication SET reason = erased_text()
    WHERE decided_at < %(before)s AND reason <> erased_text()
    RETURNING publication_id
),
retirements AS (
    UPDATE model_retirement SET reason = erased_text()
    WHERE decided_at < %(before)s AND reason <> erased_text()
    RETURNING activation_id
),
liftings AS (
    UPDATE rule_lifting SET reason = erased_text()
    WHERE least(until, ended_at) < %(before)s AND reason <> erased_text()
    RETURNING lifting_id
)
SELECT 'publication ' || publication_id FROM publications
UNION ALL SELECT 'retirement ' || activation_id FROM retirements
UNION ALL SELECT 'lifting ' || lifting_id FROM liftings
