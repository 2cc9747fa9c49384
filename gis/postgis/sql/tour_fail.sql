-- The vehicle failed behind this stop.
UPDATE tour SET state = 'failed', failed_after_seq = %(after_seq)s, failed_reason = %(reason)s
WHERE tour_id = %(tour_id)s
