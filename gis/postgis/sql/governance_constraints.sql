-- Constraints that hold for every row: table and definition.
SELECT conrelid::regclass::text AS table_name, pg_get_constraintdef(oid) AS definition
FROM pg_constraint
WHERE convalidated AND conrelid <> 0 AND connamespace = 'public'::regnamespace
