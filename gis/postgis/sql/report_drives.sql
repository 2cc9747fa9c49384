-- Signs of life: one a drive, with counts and neither places nor times of frames.
SELECT
    count(*) AS drives,
    count(DISTINCT device_id) AS vehicles,
    coalesce(sum((body ->> 'frames_seen')::bigint), 0)::bigint AS frames_seen,
    coalesce(sum((body ->> 'frames_assessed')::bigint), 0)::bigint AS frames_assessed,
    coalesce(sum((
        SELECT sum(value::bigint) FROM jsonb_each_text(body -> 'pictures_withheld')
    )), 0)::bigint AS pictures_withheld
FROM heartbeat
WHERE received_at >= %(from_at)s AND received_at < %(upto_at)s
