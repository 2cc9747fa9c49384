-- A person looked.
UPDATE tree_inspection SET outcome = %(outcome)s, inspected_by = %(inspected_by)s,
    inspected_at = now(), note = %(note)s
WHERE inspection_id = %(inspection_id)s AND inspected_at IS NULL
RETURNING tree_id
