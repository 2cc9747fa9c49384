-- A report as a watering, for tomorrow's balance.
INSERT INTO waterings (watering_id, tree_id, watered_at, litres, by_kind, outcome, source)
VALUES (%(report_id)s, %(tree_id)s, %(at)s, %(litres)s, 'crew', %(outcome)s, 'tour')
ON CONFLICT (watering_id) DO NOTHING
RETURNING watering_id
