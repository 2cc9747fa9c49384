-- One alarm; the same figure raises at most one a day.
INSERT INTO watering_alarms (horizon_d, measure, value, low, high, checks)
SELECT %(horizon_d)s, %(measure)s, %(value)s, %(low)s, %(high)s, %(checks)s
WHERE NOT EXISTS (
    SELECT FROM watering_alarms
    WHERE horizon_d = %(horizon_d)s AND measure = %(measure)s
        AND raised_at > now() - interval '20 hours'
)
RETURNING alarm_id
