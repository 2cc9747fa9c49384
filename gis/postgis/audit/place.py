"""Where a log keeps what is not in the database: its private keys and its published files."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from gis.postgis.audit.errors import AuditError
from governance.log.note import NoteError, SigningKey, read_signing_key


@dataclass(frozen=True, slots=True)
class Place:
    """The folder `audit` of the data folder, or what took its place on the command line."""

    keys: Path
    public: Path  # one folder for each origin, as a web server would show it

    def public_folder(self, origin: str) -> Path:
        """Where the log with this origin is published."""
        return self.public / quote(origin.rpartition("/")[2], safe="")

    def key_file(self, origin: str) -> Path:
        """Where the private key of this origin lies."""
        return self.keys / f"{quote(origin, safe='')}.skey"

    def is_used(self, origin: str) -> bool:
        """Say whether an origin has left traces here: then it is never begun again."""
        return self.key_file(origin).exists() or self.public_folder(origin).exists()


def make_key(place: Place, origin: str) -> SigningKey:
    """Make a log's private key, readable by its owner alone, and keep it.

    Raises FileExistsError where the origin has a key: it is never replaced.
    """
    key = SigningKey(origin, os.urandom(32))
    place.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = os.open(place.key_file(origin), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as opened:
        opened.write(key.private_text() + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    return key


def read_key(place: Place, origin: str) -> SigningKey:
    """Read a log's private key.

    Raises AuditError when it is missing, damaged, or when others may read it.
    """
    path = place.key_file(origin)
    try:
        others = stat.S_IMODE(path.stat().st_mode) & 0o077
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise AuditError(
            f"{path} is missing, so {origin} cannot be signed: put the key back, or begin a new "
            "log with `stadtwart audit reopen --reason REASON`"
        ) from None
    if others:
        raise AuditError(f"{path} may be read by others: `chmod 600 {path}`")
    try:
        return read_signing_key(text)
    except NoteError as error:
        raise AuditError(f"{path}: {error}") from error
