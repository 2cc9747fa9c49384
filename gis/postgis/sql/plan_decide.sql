-- A person's decision; a trigger moves the plan, or refuses.
INSERT INTO plan_decision (
    plan_id, kind, seen_version, tree_id, reason, decided_by, seconds_spent, undoes_decision_id
)
VALUES (
    %(plan_id)s, %(kind)s, %(seen_version)s, %(tree_id)s, %(reason)s, %(decided_by)s,
    %(seconds_spent)s, %(undoes_decision_id)s
)
RETURNING decision_id
