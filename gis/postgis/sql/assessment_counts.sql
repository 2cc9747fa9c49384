-- How many streets were last looked at when, and on how many of them no damage is open.
SELECT
    state, count(*) AS segments,
    count(*) FILTER (WHERE open_damages = 0) AS without_damage,
    coalesce(sum(length_m), 0)::double precision AS length_m
FROM segment_assessment GROUP BY state
