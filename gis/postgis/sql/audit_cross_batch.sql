-- Batches of sightings without the event of their acceptance.
SELECT batch_id::text FROM batch
WHERE NOT EXISTS (
    SELECT FROM audit_outbox
    WHERE subject_kind = 'batch' AND subject_id = batch_id::text AND kind = 'batch.accepted'
)
ORDER BY batch_id LIMIT 10
