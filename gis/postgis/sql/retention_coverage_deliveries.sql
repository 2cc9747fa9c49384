-- That sums of coverage came, and on which day.
DELETE FROM coverage_delivery WHERE received_on < (%(before)s AT TIME ZONE 'UTC')::date
RETURNING coverage_id::text
