-- A person lifts a rule's stop until a day.
INSERT INTO rule_lifting (rule_id, lifted_by, until, reason, event_id)
VALUES (%(rule_id)s, %(lifted_by)s, %(until)s, %(reason)s, %(event_id)s)
RETURNING lifting_id
