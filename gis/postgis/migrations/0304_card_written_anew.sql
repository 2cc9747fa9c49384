-- A model whose card was written anew (a figure added, a limit named) is approved again, by its new
-- card; otherwise as in 0302. Each refusal has its own code, so that the log can name it.
CREATE OR REPLACE FUNCTION model_activation_is_allowed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    card model_card%ROWTYPE;
    stops text;
BEGIN
    SELECT * INTO card FROM model_card WHERE card_sha256 = NEW.card_sha256;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'model % has no verified card', NEW.model_sha256 USING ERRCODE = 'SW033';
    END IF;
    IF NEW.file_sha256 <> NEW.model_sha256 OR card.model_sha256 <> NEW.model_sha256
        OR card.file_sha256 <> NEW.model_sha256 OR card.system <> NEW.system
    THEN
        RAISE EXCEPTION 'file % is not what card % vouches for (%)',
            NEW.file_sha256, NEW.card_sha256, card.model_sha256 USING ERRCODE = 'SW034';
    END IF;
    IF NEW.decided_by = card.trained_by OR NEW.decided_by_person_id = card.trained_by_person_id THEN
        RAISE EXCEPTION 'who trained model % does not approve it', NEW.model_sha256
            USING ERRCODE = 'SW035';
    END IF;
    IF NOT EXISTS (
        SELECT FROM (
            SELECT DISTINCT ON (record_id) body FROM register_version
            ORDER BY record_id, version DESC
        ) AS newest
        WHERE body -> 'models' @> jsonb_build_array(
            jsonb_build_object('model_sha256', NEW.model_sha256)
        )
    ) THEN
        RAISE EXCEPTION 'no register record names model %', NEW.model_sha256
            USING ERRCODE = 'SW036';
    END IF;
    IF is_stopped(NEW.system) THEN
        RAISE EXCEPTION 'an incident stops the system %', NEW.system USING ERRCODE = 'SW037';
    END IF;
    SELECT string_agg(rule, ', ') INTO stops FROM guideline_stops('activation') AS rule;
    IF stops IS NOT NULL THEN
        RAISE EXCEPTION 'the guideline stops activation: %', stops USING ERRCODE = 'SW032';
    END IF;
    IF EXISTS (SELECT FROM model_active WHERE card_sha256 = NEW.card_sha256) THEN
        RAISE EXCEPTION 'model % is active already', NEW.model_sha256 USING ERRCODE = 'SW038';
    END IF;
    RETURN NEW;
END $$;
