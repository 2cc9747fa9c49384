-- What the newest register no longer has.
UPDATE trees SET status = 'gone'
WHERE status <> 'gone' AND NOT EXISTS (
    SELECT FROM arrivals WHERE arrivals.tree_key = trees.tree_key
)
