-- Signs of life: when a device was on, and how much it saw.
DELETE FROM heartbeat WHERE received_at < %(before)s RETURNING heartbeat_id::text
