-- The tiles that have just become full.
INSERT INTO audit_tile (log_id, level, tile_index, hashes, root)
SELECT %(log_id)s, tile.*
FROM unnest(
    %(level)b::smallint[], %(tile_index)b::bigint[], %(hashes)b::bytea[], %(root)b::bytea[]
) AS tile
