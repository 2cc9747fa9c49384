-- The next step of an incident; a trigger refuses what is out of order.
INSERT INTO incident_entry (incident_id, kind, text, written_by, written_role)
VALUES (%(incident_id)s, %(kind)s, %(text)s, %(written_by)s, %(written_role)s)
RETURNING entry_id
