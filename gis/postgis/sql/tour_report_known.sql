-- A report that is stored already.
SELECT body_sha256, tour_id FROM tour_report WHERE report_id = %(report_id)s
