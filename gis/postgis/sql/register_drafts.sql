-- The newest version of each record, what it lacks, and which version is public.
SELECT DISTINCT ON (version.record_id)
    version.record_id, version.version, version.body, version.sha256, version.written_at,
    version.event_id, public.version AS public_version,
    ARRAY(SELECT register_gaps(version.body)) AS gaps
FROM register_version AS version
LEFT JOIN register_public AS public USING (record_id)
WHERE %(record_id)s::text IS NULL OR version.record_id = %(record_id)s
ORDER BY version.record_id, version.version DESC
