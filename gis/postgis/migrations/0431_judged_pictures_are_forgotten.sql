-- A picture that goes takes its hash along, here too: what was counted stays, without saying of what.
ALTER TABLE judging ALTER COLUMN picture_sha256 DROP NOT NULL;
DROP TRIGGER takes_effect ON judging;
CREATE TRIGGER takes_effect AFTER UPDATE OF outcome ON judging
    FOR EACH ROW EXECUTE FUNCTION judging_takes_effect();

CREATE OR REPLACE FUNCTION forget_pictures(wanted text[]) RETURNS SETOF text LANGUAGE sql AS $$
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
    ),
    counted AS (
        UPDATE judging SET picture_sha256 = NULL, seen = NULL WHERE picture_sha256 = ANY (wanted)
    )
    SELECT sha256 FROM gone
$$;
GRANT SELECT, UPDATE (picture_sha256, seen) ON judging TO stadtwart_keeper;
