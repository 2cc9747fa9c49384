-- What came in, by the server's clock: late uploads never change the report of a closed interval.
SELECT
    (SELECT count(*) FROM batch WHERE received_at >= %(from_at)s AND received_at < %(upto_at)s) AS batches,
    count(*) AS sightings,
    count(*) FILTER (WHERE state = 'quarantined') AS quarantined,
    count(*) FILTER (WHERE simulated) AS simulated,
    (
        SELECT count(*) FROM damage JOIN sighting AS first ON first.sighting_id = damage.anchor_sighting_id
        WHERE first.received_at >= %(from_at)s AND first.received_at < %(upto_at)s
    ) AS damages,
    (SELECT count(*) FROM picture WHERE stored_at >= %(from_at)s AND stored_at < %(upto_at)s) AS pictures,
    (
        SELECT count(*) FROM audit_outbox
        WHERE kind = 'picture.opened' AND recorded_at >= %(from_at)s AND recorded_at < %(upto_at)s
    ) AS pictures_opened
FROM sighting
WHERE received_at >= %(from_at)s AND received_at < %(upto_at)s
