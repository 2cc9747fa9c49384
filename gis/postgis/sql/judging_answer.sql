-- A person's word on an alarm; the trigger shows the picture again, withholds it again or deletes it.
INSERT INTO judging_answer (judging_id, answer, decided_by, seconds_spent)
VALUES (%(judging_id)s, %(answer)s, %(decided_by)s, %(seconds_spent)s)
RETURNING answer_id
