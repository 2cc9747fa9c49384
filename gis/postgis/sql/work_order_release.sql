-- A cancelled order keeps its list of damages but no longer claims them.
UPDATE work_order_damage SET is_active = false WHERE work_order_id = %(work_order_id)s
