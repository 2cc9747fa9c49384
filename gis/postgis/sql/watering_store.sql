-- Waterings of one delivery; an id counts once, whoever sends it.
WITH stored AS (
    INSERT INTO waterings (
        watering_id, tree_id, watered_at, litres, by_kind, outcome, flags, source
    )
    SELECT
        watering_id, tree_id, watered_at, litres, by_kind, outcome,
        coalesce(string_to_array(nullif(flags, ''), '|'), '{}'), %(source)s
    FROM unnest(
        %(watering_id)s::uuid[], %(tree_id)s::bigint[], %(watered_at)s::timestamptz[],
        %(litres)s::real[], %(by_kind)s::text[], %(outcome)s::text[], %(flags)s::text[]
    ) AS one (watering_id, tree_id, watered_at, litres, by_kind, outcome, flags)
    ON CONFLICT (watering_id) DO NOTHING
    RETURNING flags
)
SELECT count(*)::integer, (count(*) FILTER (WHERE flags <> '{}'))::integer FROM stored
