-- A new work order, still without damages.
INSERT INTO work_order (title, team, due_on, note, created_by)
VALUES (%(title)s, %(team)s, %(due_on)s, %(note)s, %(created_by)s)
RETURNING work_order_id
