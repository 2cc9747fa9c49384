-- One full tile with its root, for checking.
SELECT hashes, root FROM audit_tile
WHERE log_id = %(log_id)s AND level = %(level)s AND tile_index = %(tile_index)s
