-- What the second detector said of a picture; the trigger withholds it when it is an alarm.
UPDATE judging SET
    outcome = %(outcome)s,
    judged_at = now(),
    face_model_sha256 = %(face_model_sha256)s,
    plate_model_sha256 = %(plate_model_sha256)s,
    seen = %(seen)s
WHERE judging_id = %(judging_id)s
