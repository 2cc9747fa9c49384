-- Whether anybody but the loading program wrote a version of this record.
SELECT FROM register_version
WHERE record_id = %(record_id)s AND written_by <> %(loader)s
LIMIT 1
