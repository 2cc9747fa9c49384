-- One page of damages, filtered; NULL filters nothing.
SELECT * FROM damage_report
WHERE
    (%(state)s::text IS NULL OR state = %(state)s::text)
    AND (%(damage_class)s::text IS NULL OR damage_class = %(damage_class)s::text)
    AND (%(district_id)s::text IS NULL OR district_id = %(district_id)s::text)
ORDER BY
    CASE WHEN %(order)s::text = 'priority' THEN priority END DESC NULLS LAST,
    last_seen_at DESC,
    damage_id DESC
LIMIT %(limit)s OFFSET %(offset)s
