-- Sensors of the city folder; the tree's number must be one tree's alone.
INSERT INTO sensors (sensor_id, device_eui, tree_id, depth_cm, wilting_vol, capacity_vol, simulated)
SELECT
    given.sensor_id, given.device_eui, min(trees.tree_id), given.depth_cm,
    given.wilting_vol, given.capacity_vol, %(simulated)s
FROM unnest(
    %(sensor_id)s::text[], %(device_eui)s::text[], %(tree_number)s::text[], %(depth_cm)s::real[],
    %(wilting_vol)s::real[], %(capacity_vol)s::real[]
) AS given (sensor_id, device_eui, tree_number, depth_cm, wilting_vol, capacity_vol)
JOIN trees ON trees.number = given.tree_number AND trees.status <> 'gone'
GROUP BY given.sensor_id, given.device_eui, given.depth_cm, given.wilting_vol, given.capacity_vol
HAVING count(*) = 1
ON CONFLICT (sensor_id) DO UPDATE SET
    device_eui = excluded.device_eui,
    tree_id = excluded.tree_id,
    depth_cm = excluded.depth_cm,
    wilting_vol = excluded.wilting_vol,
    capacity_vol = excluded.capacity_vol
RETURNING sensor_id
