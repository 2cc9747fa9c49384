-- A report as it was made; its bytes never change.
INSERT INTO committee_report (from_day, until_day, made_at, made_by, sha256, body)
VALUES (%(from_day)s, %(until_day)s, %(made_at)s, %(made_by)s, %(sha256)s, %(body)s)
RETURNING report_id
