-- What the retention job may take away, and no more: pictures, who was where when, sessions, keys.
-- Its number is high because it speaks of tables of several parts.
GRANT SELECT, DELETE ON picture, heartbeat, batch, sighting TO stadtwart_keeper;
GRANT UPDATE (picture_sha256, mask_receipt, batch_id, seen_at, received_at, heading_deg)
    ON sighting TO stadtwart_keeper;
GRANT SELECT, UPDATE (picture_sighting_id) ON damage TO stadtwart_keeper;
GRANT SELECT, DELETE ON person, break_glass_account, login_attempt, person_session
    TO stadtwart_keeper;
GRANT SELECT, UPDATE (text, contact, answer, erased_at) ON objection TO stadtwart_keeper;

-- Deleting a sighting asks each damage whether it shows that one's picture.
CREATE INDEX damage_picture_sighting ON damage (picture_sighting_id)
    WHERE picture_sighting_id IS NOT NULL;

-- A sighting that a damage needs stays, but says no longer which vehicle was there at what time.
CREATE FUNCTION forget_passes(wanted uuid[]) RETURNS SETOF text LANGUAGE sql AS $$
    WITH needed AS (
        SELECT anchor_sighting_id AS sighting_id FROM damage WHERE anchor_sighting_id = ANY (wanted)
        UNION
        SELECT picture_sighting_id FROM damage WHERE picture_sighting_id = ANY (wanted)
    ),
    thinned AS (
        UPDATE sighting SET
            batch_id = '00000000-0000-0000-0000-000000000000',
            seen_at = date_trunc('day', seen_at, 'UTC'),
            received_at = date_trunc('day', received_at, 'UTC'),
            heading_deg = NULL
        FROM needed WHERE sighting.sighting_id = needed.sighting_id
        RETURNING sighting.sighting_id
    ),
    gone AS (
        DELETE FROM sighting
        WHERE sighting_id = ANY (wanted) AND sighting_id NOT IN (SELECT sighting_id FROM needed)
        RETURNING sighting_id
    )
    SELECT sighting_id::text FROM thinned UNION ALL SELECT sighting_id::text FROM gone
$$;

-- Pictures go with every mention of them, so that no truck can send them again.
CREATE FUNCTION forget_pictures(wanted text[]) RETURNS SETOF text LANGUAGE sql AS $$
    WITH gone AS (
        DELETE FROM picture WHERE sha256 = ANY (wanted) RETURNING sha256
    ),
    unshown AS (
        UPDATE damage SET picture_sighting_id = NULL
        FROM sighting
        WHERE sighting.sighting_id = damage.picture_sighting_id
            AND sighting.picture_sha256 = ANY (wanted)
    ),
    cut AS (
        UPDATE sighting SET picture_sha256 = NULL, mask_receipt = NULL
        WHERE picture_sha256 = ANY (wanted)
    )
    SELECT sha256 FROM gone
$$;
