-- One rule's result.
INSERT INTO guideline_result (run_id, rule_id, status, is_hard, guards, evidence)
VALUES (%(run_id)s, %(rule_id)s, %(status)s, %(is_hard)s, %(guards)s, %(evidence)s)
