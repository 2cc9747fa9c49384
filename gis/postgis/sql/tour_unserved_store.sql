-- A tree that is on no tour, with the reason.
INSERT INTO tour_unserved (job_id, tree_id, why, reason_de, reason_en)
VALUES (%(job_id)s, %(tree_id)s, %(why)s, %(reason_de)s, %(reason_en)s)
