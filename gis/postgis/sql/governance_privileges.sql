-- Changing rights of the service's role on tables that only grow.
SELECT table_name, privilege
FROM unnest(%(tables)s::text[]) AS table_name
CROSS JOIN unnest(ARRAY['UPDATE', 'DELETE', 'TRUNCATE']) AS privilege
WHERE to_regclass(table_name) IS NOT NULL
    AND has_table_privilege('stadtwart_app', table_name, privilege)
