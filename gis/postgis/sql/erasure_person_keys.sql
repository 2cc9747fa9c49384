-- Every key of a person: the references they made lead to nobody.
DELETE FROM person_key WHERE person_id = %(person_id)s RETURNING encode(sha256(key), 'hex')
