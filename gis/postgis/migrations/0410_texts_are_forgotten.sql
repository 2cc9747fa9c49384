-- What people wrote goes when its time is over, also where rows only grow: the text is replaced by
-- one fixed word, and nothing else of the row may change. That somebody decided stays provable.
CREATE FUNCTION erased_text() RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT 'gelöscht / erased'
$$;

-- Whether a row changes in nothing but texts that become the fixed word.
CREATE FUNCTION only_forgets(before jsonb, after jsonb, VARIADIC texts text[]) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT after - texts = before - texts AND NOT EXISTS (
        SELECT FROM unnest(texts) AS text
        WHERE after ->> text IS DISTINCT FROM before ->> text
            AND (before ->> text IS NULL OR after ->> text IS DISTINCT FROM erased_text())
    )
$$;

DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT * FROM (VALUES
        ('verdict', 'reason'), ('review_answer', 'reason'), ('plan_decision', 'reason'),
        ('tour_report', 'note'), ('register_publication', 'reason'), ('model_retirement', 'reason')
    ) AS named (table_name, text_name)
    LOOP
        EXECUTE format('DROP TRIGGER append_only ON %I', one.table_name);
        EXECUTE format(
            'CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON %I
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', one.table_name
        );
        EXECUTE format(
            'CREATE TRIGGER only_forgets BEFORE UPDATE ON %I FOR EACH ROW
                WHEN (NOT only_forgets(to_jsonb(OLD), to_jsonb(NEW), %L))
                EXECUTE FUNCTION refuse_change()', one.table_name, one.text_name
        );
        EXECUTE format(
            'GRANT SELECT, UPDATE (%I) ON %I TO stadtwart_keeper', one.text_name, one.table_name
        );
    END LOOP;
END $$;

-- What a person approved stays as it was approved, only the words why a litre was changed go.
DROP TRIGGER only_in_draft ON watering_plan_stop;
CREATE TRIGGER only_in_draft BEFORE INSERT OR DELETE ON watering_plan_stop
    FOR EACH ROW EXECUTE FUNCTION plan_stop_only_in_draft();
CREATE TRIGGER changes_only_in_draft BEFORE UPDATE ON watering_plan_stop
    FOR EACH ROW WHEN (NOT only_forgets(to_jsonb(OLD), to_jsonb(NEW), 'change_reason'))
    EXECUTE FUNCTION plan_stop_only_in_draft();

GRANT SELECT, UPDATE (title, team, note, closing_note) ON work_order TO stadtwart_keeper;
GRANT SELECT, UPDATE (about_id, title, text) ON finding TO stadtwart_keeper;
GRANT SELECT, UPDATE (title, text) ON incident TO stadtwart_keeper;
GRANT SELECT, UPDATE (text) ON finding_entry, incident_entry TO stadtwart_keeper;
GRANT SELECT ON finding_report, incident_report, watering_plan TO stadtwart_keeper;
GRANT SELECT, UPDATE (change_reason) ON watering_plan_stop TO stadtwart_keeper;
GRANT SELECT, UPDATE (failed_reason) ON tour TO stadtwart_keeper;
GRANT SELECT, UPDATE (note) ON tree_inspection TO stadtwart_keeper;
GRANT SELECT, UPDATE (reason) ON rule_lifting TO stadtwart_keeper;
