-- Ask for the tours of an approved plan; the trigger refuses any other, the index a second at once.
INSERT INTO tour_run (job_id, plan_id, approval_id, asked_by, failed_tour_id)
VALUES (%(job_id)s, %(plan_id)s, %(approval_id)s, %(asked_by)s, %(failed_tour_id)s)
