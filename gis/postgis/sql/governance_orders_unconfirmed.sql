-- Work orders on damages that no person confirmed.
SELECT work_order_id, work_order_damage.damage_id
FROM work_order_damage
LEFT JOIN verdict USING (verdict_id)
WHERE verdict.verdict_id IS NULL OR verdict.verdict <> 'confirmed'
LIMIT 10
