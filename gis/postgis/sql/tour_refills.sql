-- Refill points, in metres.
SELECT
    refill_id, refill_point.name, flow_l_min, setup_min,
    ST_X(ST_Transform(geom, city.metric_srid)) AS x_m,
    ST_Y(ST_Transform(geom, city.metric_srid)) AS y_m
FROM refill_point CROSS JOIN city ORDER BY refill_id
