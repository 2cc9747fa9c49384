-- Tours of an approval that is taken back.
UPDATE tour SET state = 'withdrawn' WHERE plan_id = %(plan_id)s AND state = 'planned'
