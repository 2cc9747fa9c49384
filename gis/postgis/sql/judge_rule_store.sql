-- Another share, or the second detector came or went; the seed stays, so that draws stay comparable.
INSERT INTO judge_rule (share, seed, standing)
SELECT %(share)s, seed, %(standing)s FROM judge_rule ORDER BY rule_id DESC LIMIT 1
RETURNING rule_id
