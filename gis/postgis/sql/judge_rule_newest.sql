-- What is drawn now, and whether a second detector was there when last somebody looked.
SELECT rule_id, share, standing, since FROM judge_rule ORDER BY rule_id DESC LIMIT 1
