-- A tree in need that is not on the plan, by name.
INSERT INTO watering_plan_left_out (plan_id, tree_id, urgency, litres, why, reason_de, reason_en)
VALUES (
    %(plan_id)s, %(tree_id)s, %(urgency)s, %(litres)s, %(why)s, %(reason_de)s, %(reason_en)s
)
