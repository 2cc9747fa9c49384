-- Incidents with their steps; open ones first.
SELECT
    incident_report.*,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'kind', kind, 'text', entry.text, 'written_by', written_by,
            'written_role', written_role, 'written_at', written_at
        ) ORDER BY entry_id)
        FROM incident_entry AS entry WHERE entry.incident_id = incident_report.incident_id
    ), '[]') AS entries
FROM incident_report
WHERE %(incident_id)s::bigint IS NULL OR incident_id = %(incident_id)s::bigint
ORDER BY closed_at IS NOT NULL, stops DESC, incident_id DESC
LIMIT 500
