-- Approvals of an interval that came faster than anybody can look.
SELECT noted_at, kind, subject_kind, subject_id, actor_ref, seconds
FROM approval_notes(%(since)s, %(upto)s)
LIMIT 1000
