-- What trucks looked at, by the street's district and the day of the drive (no time is known).
-- `covered_m` takes each street's best day, so it is the least that was assessed; simulated drives
-- count in a simulated city only. Days since the last look end with the interval, or today.
WITH span AS (
    SELECT
        (%(from_at)s::timestamptz AT TIME ZONE time_zone)::date AS first_day,
        (%(upto_at)s::timestamptz AT TIME ZONE time_zone)::date - 1 AS last_day,
        least(
            (%(as_of)s::timestamptz AT TIME ZONE time_zone)::date,
            (%(upto_at)s::timestamptz AT TIME ZONE time_zone)::date - 1
        ) AS today,
        simulated AS takes_simulated
    FROM city
),
counted AS (
    SELECT segment_coverage.*, day >= first_day AS is_inside
    FROM segment_coverage, span
    WHERE day <= last_day AND (NOT simulated OR takes_simulated)
),
looked AS (
    SELECT
        segment_id,
        coalesce(max(covered_m) FILTER (WHERE is_inside), 0) AS covered_m,
        coalesce(sum(assessed_m) FILTER (WHERE is_inside), 0) AS driven_m,
        max(day) FILTER (WHERE covered_m > 0) AS last_look
    FROM counted GROUP BY segment_id
),
missed AS (
    SELECT segment_id, sum(driven_m) AS unassessed_m
    FROM segment_unassessed, span
    WHERE day BETWEEN first_day AND last_day AND (NOT simulated OR takes_simulated)
    GROUP BY segment_id
),
found AS (
    SELECT damage.segment_id, count(*) AS damages
    FROM damage JOIN sighting AS first ON first.sighting_id = damage.anchor_sighting_id
    WHERE first.received_at >= %(from_at)s AND first.received_at < %(upto_at)s
        AND damage.state <> 'dismissed'
    GROUP BY damage.segment_id
),
street AS (
    SELECT segment_id, district_id, ST_Length(geom_m) AS length_m FROM street_segment
)
SELECT
    street.district_id,
    district.name AS district,
    sum(least(coalesce(covered_m, 0), length_m)) AS covered_m,
    coalesce(sum(driven_m), 0)::double precision AS driven_m,
    coalesce(sum(unassessed_m), 0)::double precision AS unassessed_m,
    coalesce(sum(length_m) FILTER (WHERE last_look IS NULL), 0)::double precision AS never_m,
    (percentile_cont(0.5) WITHIN GROUP (ORDER BY (span.today - last_look)::double precision)
        FILTER (WHERE last_look IS NOT NULL))::double precision AS median_days,
    max(span.today - last_look)::double precision AS oldest_days,
    coalesce(sum(damages), 0)::bigint AS damages
FROM street
CROSS JOIN span
LEFT JOIN district USING (district_id)
LEFT JOIN looked USING (segment_id)
LEFT JOIN missed USING (segment_id)
LEFT JOIN found USING (segment_id)
GROUP BY street.district_id, district.name
ORDER BY district.name NULLS LAST
