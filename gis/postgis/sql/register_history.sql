-- What happened to a record, newest first: versions written, published, withdrawn.
SELECT written_at AS at, version, 'written' AS kind, sha256, NULL AS reason, false AS is_simulated,
    NULL AS shown_as, event_id
FROM register_version WHERE record_id = %(record_id)s
UNION ALL
SELECT decided_at, version, kind, register_version.sha256, reason, is_simulated, shown_as,
    register_publication.event_id
FROM register_publication JOIN register_version USING (record_id, version)
WHERE record_id = %(record_id)s
ORDER BY at DESC, version DESC
