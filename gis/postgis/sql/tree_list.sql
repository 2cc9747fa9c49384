-- Trees as the newest run leaves them, the most urgent first or by number; one page of them.
SELECT *, count(*) OVER () AS total
FROM tree_today
WHERE
    (%(status)s::text IS NULL AND status <> 'gone' OR status = %(status)s)
    AND (%(urgency)s::text IS NULL OR urgency = %(urgency)s)
    AND (%(district_id)s::text IS NULL OR district_id = %(district_id)s)
    AND (%(genus)s::text IS NULL OR genus = %(genus)s)
    AND (
        %(q)s::text IS NULL
        OR number ILIKE %(q)s || '%%'
        OR street ILIKE '%%' || %(q)s || '%%'
        OR species ILIKE '%%' || %(q)s || '%%'
        OR species_german ILIKE '%%' || %(q)s || '%%'
    )
ORDER BY
    CASE WHEN %(order)s = 'urgency' THEN
        array_position(ARRAY['urgent', 'act', 'unknown', 'good'], CASE
            WHEN status = 'standing' THEN urgency ELSE 'good' END)
    END,
    CASE WHEN %(order)s = 'urgency' THEN dry_likely END,
    CASE WHEN %(order)s = 'urgency' THEN rew_q50 END,
    length(number), number, tree_id
LIMIT %(limit)s OFFSET %(offset)s
