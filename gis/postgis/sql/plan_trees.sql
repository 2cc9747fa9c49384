-- Trees a plan may hold (dry by its day, due by rule, or a group), with the soil water expected on
-- the morning of its day.
-- Curves begin with the morning of the night run's day; a day beyond the outlook takes the last.
SELECT
    tree.tree_id,
    tree.district_id,
    tree.status,
    tree.planted_year,
    tree.girth_cm,
    tree.crown_m,
    tree.method,
    tree.urgency,
    tree.dry_earliest,
    tree.dry_likely,
    tree.dry_latest,
    tree.litres_needed,
    tree.capacity_mm * tree.pit_m2 AS holds_l,
    state.q10[ahead.value] AS rew_q10,
    state.q50[ahead.value] AS rew_q50,
    state.q90[ahead.value] AS rew_q90,
    (tree.last_watered_at AT TIME ZONE city.time_zone)::date AS last_watered_on,
    (missed.missed_at AT TIME ZONE city.time_zone)::date AS not_reached_on,
    EXISTS (
        SELECT FROM tree_inspection
        WHERE tree_inspection.tree_id = tree.tree_id
            AND (inspected_at IS NULL OR outcome = 'dead')
    ) AS awaits_inspection
FROM tree_today AS tree
CROSS JOIN city
LEFT JOIN forecasts AS state
    ON state.for_day = tree.for_day AND state.run_id = tree.run_id
    AND state.state_id = tree.state_id
CROSS JOIN LATERAL (
    SELECT least(
        greatest(%(for_day)s::date - tree.for_day, 0) + 1, cardinality(state.q50)
    ) AS value
) AS ahead
LEFT JOIN LATERAL (
    SELECT watered_at AS missed_at, outcome FROM waterings
    WHERE waterings.tree_id = tree.tree_id AND by_kind = 'crew'
    ORDER BY watered_at DESC LIMIT 1
) AS missed ON missed.outcome = 'not reachable'
WHERE tree.status = 'group'
    OR (
        tree.status = 'standing'
        AND (
            state.q50[ahead.value] < %(act_below)s
            OR tree.dry_likely <= %(for_day)s::date
            OR (tree.method = 'rule' AND tree.urgency = 'act')
        )
    )
