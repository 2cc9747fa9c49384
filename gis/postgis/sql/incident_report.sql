-- Something went wrong.
INSERT INTO incident (system, severity, title, text, reported_by, reported_role)
VALUES (%(system)s, %(severity)s, %(title)s, %(text)s, %(reported_by)s, %(reported_role)s)
RETURNING incident_id
