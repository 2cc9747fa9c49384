-- A street's last assessment, with what could not be assessed since then (or ever) and why.
SELECT
    state, looked_on, age_days, covered_share, length_m, open_damages,
    coalesce((
        SELECT json_agg(json_build_object('cause', cause, 'driven_m', driven_m) ORDER BY driven_m DESC)
        FROM (
            SELECT cause, sum(driven_m) AS driven_m
            FROM segment_unassessed AS missed, city
            WHERE missed.segment_id = %(segment_id)s
                AND (NOT missed.simulated OR city.simulated)
                AND (looked_on IS NULL OR day >= looked_on)
            GROUP BY cause
        ) AS since
    ), '[]'::json) AS unassessed
FROM segment_assessment
WHERE segment_id = %(segment_id)s
