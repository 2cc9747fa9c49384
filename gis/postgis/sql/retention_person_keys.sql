-- Keys of staff references whose year is long over: from now on they lead to nobody.
DELETE FROM person_key WHERE make_date(year + 1, 1, 1) < %(before)s
RETURNING encode(sha256(key), 'hex')
