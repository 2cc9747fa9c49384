-- Deliveries: which device sent when.
DELETE FROM batch WHERE received_at < %(before)s RETURNING batch_id::text
