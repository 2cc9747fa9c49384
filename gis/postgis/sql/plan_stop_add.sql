-- A tree on the plan.
INSERT INTO watering_plan_stop (
    plan_id, tree_id, litres, litres_low, litres_high, machine_litres, litres_source_de,
    litres_source_en, urgency, rew_q50, dry_earliest, dry_likely, dry_latest, reason_de, reason_en,
    rank, is_changed, change_reason
)
VALUES (
    %(plan_id)s, %(tree_id)s, %(litres)s, %(litres_low)s, %(litres_high)s, %(machine_litres)s,
    %(litres_source_de)s, %(litres_source_en)s, %(urgency)s, %(rew_q50)s, %(dry_earliest)s,
    %(dry_likely)s, %(dry_latest)s, %(reason_de)s, %(reason_en)s, %(rank)s, %(is_changed)s,
    %(change_reason)s
)
