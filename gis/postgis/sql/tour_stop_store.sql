-- A line of a tour; the trigger refuses a tree or litres that nobody approved.
INSERT INTO tour_stop (
    tour_id, plan_id, seq, kind, tree_id, part, parts, name, litres, arrives_at, leaves_at,
    break_min, geom
)
SELECT
    %(tour_id)s, %(plan_id)s, %(seq)s, %(kind)s, %(tree_id)s, %(part)s, %(parts)s, %(name)s,
    %(litres)s, %(arrives_at)s, %(leaves_at)s, %(break_min)s,
    ST_Transform(ST_SetSRID(ST_MakePoint(%(x_m)s, %(y_m)s), metric_srid), 4326)
FROM city
