"""What stops the truck's program, with the exit code it ends on. A bad frame is counted instead."""

from __future__ import annotations


class EdgeError(Exception):
    """The program cannot go on; the message names what, which value and the remedy."""

    exit_code = 1


class SettingsError(EdgeError):
    """A setting is unknown, out of bounds or missing."""

    exit_code = 2


# 3 belongs to vision.runtime.model_file.UnknownModelError


class DriveError(EdgeError):
    """The drive's pictures, times, camera file or track cannot be used."""

    exit_code = 4


class SpoolError(EdgeError):
    """The spool cannot be opened, read or written; what it holds stays as it is."""

    exit_code = 5


class SpoolFullError(SpoolError):
    """Nothing more fits, not even after pictures and old sightings were dropped."""


class PostponedError(EdgeError):
    """The city did not take everything; it waits in the spool and a later upload sends it."""

    exit_code = 6
