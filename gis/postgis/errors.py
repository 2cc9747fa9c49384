"""What can be wrong with the database before anything runs; exit codes live here."""

from __future__ import annotations


class DatabaseError(Exception):
    """The database cannot be used as it is; the message says what to do."""

    exit_code = 4


class ClusterError(DatabaseError):
    """The embedded cluster cannot be made, started or stopped."""


class MigrationError(DatabaseError):
    """The schema cannot be brought up to date."""


class CityError(DatabaseError):
    """A city folder cannot be read or loaded."""

    exit_code = 5
