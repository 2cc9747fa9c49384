-- Triggers that fire: table, name, and the text of what they call.
SELECT tgrelid::regclass::text AS table_name, tgname::text AS name, pg_get_functiondef(tgfoid) AS body
FROM pg_trigger
WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')
