"""What the gate and the register refuse."""

from __future__ import annotations

from gis.postgis.errors import DatabaseError


class RefusedError(DatabaseError):
    """A person wanted what the rules do not allow; `reason` is the word that stands in the log."""

    exit_code = 1

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
