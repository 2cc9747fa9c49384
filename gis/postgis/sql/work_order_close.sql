-- Complete or cancel an open order; no row comes back when it is not open.
UPDATE work_order SET
    state = %(state)s, closed_by = %(closed_by)s, closed_at = now(), closing_note = %(note)s
WHERE work_order_id = %(work_order_id)s AND state = 'open'
RETURNING work_order_id
