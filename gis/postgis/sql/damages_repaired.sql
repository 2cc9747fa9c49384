-- The damages of a completed order are repaired; seen again after this, they are new damages.
UPDATE damage SET state = 'repaired', repaired_at = now()
WHERE damage_id = ANY (%(damage_ids)s)
