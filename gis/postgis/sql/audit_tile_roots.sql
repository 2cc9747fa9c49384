-- The roots of neighbouring full tiles: hashes of the level above.
SELECT root FROM audit_tile
WHERE log_id = %(log_id)s AND level = %(level)s
    AND tile_index >= %(first)s AND tile_index < %(beyond)s
ORDER BY tile_index
