-- A finding of panel or auditor.
INSERT INTO finding (
    about_kind, about_id, title, text, responsible_role, due_on, filed_by, filed_role
)
VALUES (
    %(about_kind)s, %(about_id)s, %(title)s, %(text)s, %(responsible_role)s, %(due_on)s,
    %(filed_by)s, %(filed_role)s
)
RETURNING finding_id
