"""The truck: camera, position, privacy, spool, upload."""
