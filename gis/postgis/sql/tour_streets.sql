-- Street segments in metres.
SELECT road_class, ST_AsBinary(geom_m) AS line FROM street_segment ORDER BY segment_id
