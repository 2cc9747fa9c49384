-- Shut somebody out, or let them in again; their open sessions end.
WITH ended AS (
    UPDATE person_session SET ended_at = now(), ended_why = 'disabled'
    WHERE person_id = %(person_id)s AND ended_at IS NULL AND %(disabled)s
    RETURNING 1
), changed AS (
    UPDATE person SET disabled_at = CASE WHEN %(disabled)s THEN now() END
    WHERE person_id = %(person_id)s
    RETURNING person_id
)
SELECT (SELECT count(*) FROM changed) AS people, (SELECT count(*) FROM ended) AS sessions
