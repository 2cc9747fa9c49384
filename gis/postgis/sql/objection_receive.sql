-- A citizen objects.
INSERT INTO objection (case_number, secret_sha256, about_kind, text, contact, due_on)
VALUES (
    %(case_number)s, %(secret_sha256)s, %(about_kind)s, %(text)s, %(contact)s, %(due_on)s
)
