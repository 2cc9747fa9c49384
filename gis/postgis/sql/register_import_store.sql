-- One import: what changed and what was odd.
INSERT INTO register_import (source, rows_read, difference, findings)
VALUES (%(source)s, %(rows_read)s, %(difference)s::jsonb, %(findings)s::jsonb)
