-- What was written about an incident, after it was closed; system, severity and times stay.
WITH closed AS (
    SELECT incident_id FROM incident_report WHERE closed_at < %(before)s AND text <> erased_text()
),
said AS (
    UPDATE incident_entry SET text = erased_text()
    WHERE incident_id IN (SELECT incident_id FROM closed)
)
UPDATE incident SET title = erased_text(), text = erased_text()
WHERE incident_id IN (SELECT incident_id FROM closed)
RETURNING incident_id::text
