-- Trees that wait for a person's look, and what was found; open ones first.
SELECT
    look.inspection_id, look.tree_id, look.asked_at, look.outcome, look.inspected_at, look.note,
    tree.number, tree.street, tree.genus, report.note AS report_note,
    ST_X(tree.geom) AS longitude_deg, ST_Y(tree.geom) AS latitude_deg
FROM tree_inspection AS look
JOIN trees AS tree USING (tree_id)
JOIN tour_report AS report USING (report_id)
ORDER BY look.inspected_at IS NOT NULL, look.asked_at DESC
LIMIT 500
