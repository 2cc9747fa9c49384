-- Segments the new city folder no longer has; damages on them are placed again afterwards.
DELETE FROM street_segment WHERE segment_id <> ALL (%(segment_ids)s::text[])
