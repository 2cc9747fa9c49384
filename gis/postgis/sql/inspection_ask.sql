-- A crew says the tree is dead: a person looks.
INSERT INTO tree_inspection (tree_id, report_id) VALUES (%(tree_id)s, %(report_id)s)
