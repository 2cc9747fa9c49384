-- What a work order was called, who was to do it and what was noted, after it was closed.
UPDATE work_order SET
    title = erased_text(),
    team = erased_text(),
    note = CASE WHEN note IS NOT NULL THEN erased_text() END,
    closing_note = CASE WHEN closing_note IS NOT NULL THEN erased_text() END
WHERE closed_at < %(before)s
    AND (title, team, coalesce(note, erased_text()), coalesce(closing_note, erased_text()))
        <> (erased_text(), erased_text(), erased_text(), erased_text())
RETURNING work_order_id::text
