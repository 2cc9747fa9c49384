-- Sums of coverage with their audit event, all or nothing; the same id again changes nothing.
WITH one AS (
    SELECT *
    FROM unnest(
        %(segment_id)s::text[], %(assessed_m)s::float8[], %(covered_m)s::float8[]
    ) AS given (segment_id, assessed_m, covered_m)
    WHERE EXISTS (SELECT FROM street_segment WHERE street_segment.segment_id = given.segment_id)
    ORDER BY segment_id  -- two uploads at once take their rows in the same order
),
new_delivery AS (
    INSERT INTO coverage_delivery (coverage_id, content_sha256, segments, unknown)
    SELECT
        %(coverage_id)s, %(content_sha256)s,
        (SELECT count(*) FROM one), cardinality(%(segment_id)s::text[]) - (SELECT count(*) FROM one)
    ON CONFLICT (coverage_id) DO NOTHING
    RETURNING segments
),
driven AS (
    INSERT INTO segment_coverage AS known (segment_id, day, simulated, assessed_m, covered_m)
    SELECT one.segment_id, %(day)s::date, %(simulated)s::bool, one.assessed_m, one.covered_m
    FROM one, new_delivery
    ORDER BY one.segment_id
    ON CONFLICT (segment_id, day, simulated) DO UPDATE SET
        assessed_m = known.assessed_m + excluded.assessed_m,
        covered_m = greatest(known.covered_m, excluded.covered_m)
),
missed AS (
    INSERT INTO segment_unassessed AS known (segment_id, day, simulated, cause, driven_m)
    SELECT gap.segment_id, %(day)s::date, %(simulated)s::bool, gap.cause, gap.driven_m
    FROM new_delivery, unnest(
        %(gap_segment_id)s::text[], %(cause)s::text[], %(driven_m)s::float8[]
    ) AS gap (segment_id, cause, driven_m)
    WHERE gap.segment_id IN (SELECT segment_id FROM one)
    ORDER BY gap.segment_id, gap.cause
    ON CONFLICT (segment_id, day, simulated, cause) DO UPDATE SET
        driven_m = known.driven_m + excluded.driven_m
),
told AS (
    INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
    SELECT
        %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
    FROM new_delivery
)
SELECT
    EXISTS (SELECT FROM new_delivery) AS is_new,
    coalesce((SELECT segments FROM new_delivery), 0) AS stored,
    cardinality(%(segment_id)s::text[]) - (SELECT count(*) FROM one) AS unknown
