-- One tree as the newest run leaves it.
SELECT * FROM tree_today WHERE tree_id = %(tree_id)s
