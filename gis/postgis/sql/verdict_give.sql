-- A person's verdict; a trigger makes it the damage's current one.
INSERT INTO verdict (
    damage_id, verdict, reason, decided_by, seconds_spent, previous_verdict_id, undoes_verdict_id
)
VALUES (
    %(damage_id)s, %(verdict)s, %(reason)s, %(decided_by)s, %(seconds_spent)s,
    %(previous_verdict_id)s, %(undoes_verdict_id)s
)
RETURNING verdict_id
