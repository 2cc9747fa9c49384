-- The next word on a finding; a trigger refuses what is out of turn.
INSERT INTO finding_entry (finding_id, kind, text, written_by, written_role)
VALUES (%(finding_id)s, %(kind)s, %(text)s, %(written_by)s, %(written_role)s)
RETURNING entry_id
