"""What can be wrong with the log; exit codes as the verifier's: 1 tampered, 2 cannot tell."""

from __future__ import annotations


class AuditError(Exception):
    """The log cannot go on as things are; the message says what to do."""

    exit_code = 2


class TamperedError(AuditError):
    """Something that was signed is no longer what it was."""

    exit_code = 1


class ForkError(TamperedError):
    """The database does not continue what was published: nothing is signed."""
