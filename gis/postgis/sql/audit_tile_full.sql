-- The hashes of one full tile.
SELECT hashes FROM audit_tile
WHERE log_id = %(log_id)s AND level = %(level)s AND tile_index = %(tile_index)s
