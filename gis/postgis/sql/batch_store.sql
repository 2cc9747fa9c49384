-- A batch, its sightings and its audit event, all or nothing in one statement (one round trip, one
-- commit). A batch_id seen before changes nothing: then is_new is false and `batch_known` decides.
WITH new_batch AS (
    INSERT INTO batch (batch_id, device_id, content_sha256, sightings, sent_at)
    VALUES (
        %(batch_id)s, %(device_id)s, %(content_sha256)s,
        cardinality(%(sighting_id)s::uuid[]), %(sent_at)s
    )
    ON CONFLICT (batch_id) DO NOTHING
    RETURNING batch_id
),
stored AS (
    INSERT INTO sighting (
        batch_id, sighting_id, seen_at, longitude_deg, latitude_deg, position_error_m, heading_deg,
        damage_class, confidence, frames, area_m2, area_error_m2, model_sha256, simulated,
        picture_sha256, mask_receipt,
        error_major_m, error_minor_m, error_bearing_deg, in_wheel_track, severity,
        severity_method
    )
    SELECT new_batch.batch_id, one.*
    FROM new_batch, unnest(
        %(sighting_id)s::uuid[], %(seen_at)s::timestamptz[],
        %(longitude_deg)s::float8[], %(latitude_deg)s::float8[], %(position_error_m)s::float8[],
        %(heading_deg)s::float8[], %(damage_class)s::text[], %(confidence)s::float8[],
        %(frames)s::int[], %(area_m2)s::float8[], %(area_error_m2)s::float8[],
        %(model_sha256)s::text[], %(simulated)s::bool[], %(picture_sha256)s::text[],
        %(mask_receipt)s::jsonb[],
        %(error_major_m)s::float8[], %(error_minor_m)s::float8[], %(error_bearing_deg)s::float8[],
        %(in_wheel_track)s::bool[], %(severity)s::text[], %(severity_method)s::text[]
    ) AS one
    ON CONFLICT (sighting_id) DO NOTHING
    RETURNING 1
),
told AS (
    INSERT INTO audit_outbox (event_id, body, kind, subject_kind, subject_id)
    SELECT
        %(event_id)s, %(event_body)s, %(event_kind)s, %(event_subject_kind)s, %(event_subject_id)s
    FROM new_batch
)
SELECT
    EXISTS (SELECT FROM new_batch) AS is_new,
    (SELECT count(*) FROM stored) AS stored,
    ARRAY(
        SELECT DISTINCT sha256 FROM unnest(%(picture_sha256)s::text[]) AS announced (sha256)
        WHERE sha256 IS NOT NULL AND NOT EXISTS (
            SELECT FROM picture WHERE picture.sha256 = announced.sha256
        )
    ) AS pictures_wanted
