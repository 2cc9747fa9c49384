-- Which parts of the system exist in this database: those of the named tables and functions it has.
SELECT need
FROM unnest(%(needs)s::text[]) AS need
WHERE CASE
    WHEN need LIKE '%%(%%' THEN to_regprocedure(need) IS NOT NULL
    ELSE to_regclass(need) IS NOT NULL
END
