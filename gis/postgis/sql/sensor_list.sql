-- Every sensor with its tree.
SELECT sensor_id, tree_id, depth_cm FROM sensors ORDER BY sensor_id
