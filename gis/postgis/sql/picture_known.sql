-- Whether a picture is stored, and whether a stored sighting announces it.
SELECT
    EXISTS (SELECT FROM picture WHERE sha256 = %(sha256)s) AS is_stored,
    EXISTS (SELECT FROM sighting WHERE picture_sha256 = %(sha256)s) AS is_announced
