-- Why driven road could not be assessed: metres by cause, by the day of the drive.
SELECT cause, sum(driven_m)::double precision AS driven_m
FROM segment_unassessed, city
WHERE day >= (%(from_at)s::timestamptz AT TIME ZONE city.time_zone)::date
    AND day < (%(upto_at)s::timestamptz AT TIME ZONE city.time_zone)::date
    AND (NOT segment_unassessed.simulated OR city.simulated)
GROUP BY cause
ORDER BY driven_m DESC, cause
