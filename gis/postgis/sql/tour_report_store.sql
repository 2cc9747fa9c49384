-- What a crew did at a tree; the same id a second time stores nothing.
INSERT INTO tour_report (
    report_id, tour_id, tree_id, outcome, litres, reported_at, note, body_sha256, received_from
)
VALUES (
    %(report_id)s, %(tour_id)s, %(tree_id)s, %(outcome)s, %(litres)s, %(at)s, %(note)s,
    %(body_sha256)s, %(received_from)s
)
ON CONFLICT (report_id) DO NOTHING
RETURNING report_id
