-- The next drawn picture that is still kept; nobody else takes it while this transaction lasts.
SELECT judging.judging_id, judging.picture_sha256, picture.jpeg
FROM judging JOIN picture ON picture.sha256 = judging.picture_sha256
WHERE judging.outcome IS NULL
ORDER BY judging.drawn_at, judging.judging_id
LIMIT 1
FOR UPDATE OF judging SKIP LOCKED
