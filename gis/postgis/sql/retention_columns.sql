-- Columns that can hold words, of tables of ours: text in any form, JSON, bytes.
SELECT table_name || '.' || column_name
FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
    AND ltrim(udt_name, '_') IN ('text', 'varchar', 'bpchar', 'name', 'json', 'jsonb', 'bytea', 'xml', 'hstore')
    AND table_name NOT LIKE 'procrastinate%' AND table_name <> 'spatial_ref_sys'
ORDER BY 1
