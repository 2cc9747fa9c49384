-- The damages of an order, locked in ascending order.
SELECT damage.damage_id
FROM work_order_damage JOIN damage USING (damage_id)
WHERE work_order_damage.work_order_id = %(work_order_id)s AND work_order_damage.is_active
ORDER BY damage.damage_id
FOR UPDATE OF damage
