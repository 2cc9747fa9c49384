-- The stops of a tour up to where its vehicle stands, in metres.
SELECT seq, kind, litres, leaves_at,
    ST_X(ST_Transform(geom, metric_srid)) AS x_m, ST_Y(ST_Transform(geom, metric_srid)) AS y_m
FROM tour_stop CROSS JOIN city
WHERE tour_id = %(tour_id)s ORDER BY seq
