-- A case, for whoever holds its secret.
SELECT case_number, about_kind, received_at, due_on, outcome, answer, answered_at, erased_at
FROM objection
WHERE case_number = %(case_number)s AND secret_sha256 = %(secret_sha256)s
