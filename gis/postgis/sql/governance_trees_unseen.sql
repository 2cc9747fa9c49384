-- Trees that no forecast speaks of and that still have a state other than unknown.
SELECT tree_id FROM tree_today WHERE state_id IS NULL AND urgency <> 'unknown' LIMIT 10
