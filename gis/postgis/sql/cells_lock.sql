-- Lock the touched 256 m cells until the transaction ends. The keys come in ascending order, so two
-- mergers never wait for each other in a circle. A statement of its own: what comes after sees
-- everything that was committed before the lock was granted.
SELECT pg_advisory_xact_lock(key) FROM unnest(%(keys)s::bigint[]) AS key
