-- Findings with their dialogues; what waits for an answer comes first.
SELECT
    finding_report.*,
    coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'kind', kind, 'text', entry.text, 'written_by', written_by,
            'written_role', written_role, 'written_at', written_at
        ) ORDER BY entry_id)
        FROM finding_entry AS entry WHERE entry.finding_id = finding_report.finding_id
    ), '[]') AS entries
FROM finding_report
WHERE %(finding_id)s::bigint IS NULL OR finding_id = %(finding_id)s::bigint
ORDER BY overdue DESC, state = 'open' DESC, state = 'answered' DESC, due_on, finding_id
LIMIT 500
