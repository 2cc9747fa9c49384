-- Columns of our tables and views: table, name, type, whether it may be empty.
SELECT
    attrelid::regclass::text AS table_name,
    attname::text AS name,
    format_type(atttypid, atttypmod) AS type,
    attnotnull AS is_required,
    pg_class.relkind::text AS kind
FROM pg_attribute
JOIN pg_class ON pg_class.oid = attrelid
WHERE pg_class.relnamespace = 'public'::regnamespace AND pg_class.relkind IN ('r', 'p', 'v', 'm')
    AND attnum > 0 AND NOT attisdropped
    AND NOT EXISTS (  -- tables that extensions bring along
        SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e'
    )
