-- The stored city, but only once there are sightings that depend on its metric CRS.
SELECT slug, metric_srid FROM city WHERE EXISTS (SELECT FROM sighting)
