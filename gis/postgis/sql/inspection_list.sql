-- Trees that wait for a person's look, and what was found; open ones first.
SELECT inspection_id, tree_inspection.tree_id, number, street, genus, asked_at, outcome, inspected_at,
    tree_inspection.note, report.note AS report_note,
    ST_X(geom) AS longitude_deg, ST_Y(geom) AS latitude_deg
FROM tree_inspection
JOIN trees ON trees.tree_id = tree_inspection.tree_id
JOIN tour_report AS report USING (report_id)
ORDER BY inspected_at IS NOT NULL, asked_at DESC
LIMIT 500
