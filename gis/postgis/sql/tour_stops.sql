-- The lines of tours with what the crews reported for their trees under the plan.
SELECT
    stop.tour_id, stop.seq, stop.kind, stop.tree_id, stop.part, stop.parts, stop.name, stop.litres,
    stop.arrives_at, stop.leaves_at, stop.break_min,
    ST_X(stop.geom) AS lon, ST_Y(stop.geom) AS lat,
    tree.number, tree.street, tree.genus, tree.species_german, planned.urgency,
    report.report_id, report.outcome, report.litres AS litres_given, report.reported_at,
    report.note
FROM tour_stop AS stop
LEFT JOIN trees AS tree USING (tree_id)
LEFT JOIN watering_plan_stop AS planned
    ON planned.plan_id = stop.plan_id AND planned.tree_id = stop.tree_id
LEFT JOIN LATERAL (
    SELECT tour_report.* FROM tour_report JOIN tour USING (tour_id)
    WHERE tour.plan_id = stop.plan_id AND tour_report.tree_id = stop.tree_id
    ORDER BY tour_report.reported_at DESC, report_id DESC LIMIT 1
) AS report ON stop.kind = 'tree'
WHERE stop.tour_id = ANY (%(tour_ids)s::bigint[])
ORDER BY stop.tour_id, stop.seq
