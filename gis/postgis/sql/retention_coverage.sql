-- Which street was looked at on which day, with what could not be assessed.
WITH missed AS (
    DELETE FROM segment_unassessed WHERE day < (%(before)s AT TIME ZONE 'UTC')::date
)
DELETE FROM segment_coverage WHERE day < (%(before)s AT TIME ZONE 'UTC')::date
RETURNING segment_id || ' ' || day
