-- What is known of a delivery of coverage that came before.
SELECT content_sha256, unknown FROM coverage_delivery WHERE coverage_id = %(coverage_id)s
