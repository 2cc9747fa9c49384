-- Refill points the profile no longer names; tours keep their own copy of the place.
DELETE FROM refill_point WHERE NOT (refill_id = ANY (%(refill_ids)s::text[]))
