"""The folder of backups: what lies there, how old it is, and what its time is over for.

One backup is three files: the dump without keys, the keys alone, and a manifest that says what
is in both. Keys have a shorter cycle, so that a cut reference stays cut after a restore too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest
from pathlib import Path

import msgspec

from gis.postgis.errors import DatabaseError

STAMP = "%Y%m%dT%H%M%SZ"


class BackupError(DatabaseError):
    """A backup cannot be made, read or restored; the message says what to do."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One dump: its file, and what tells it from another."""

    file: str
    sha256: str
    size_bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a backup holds, written last: a backup without manifest is none."""

    made_at: datetime
    dump: Part
    keys: Part
    rows: dict[str, int]  # by table, at the moment of the dump
    logs: dict[str, str]  # origin: last signed checkpoint


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup in its folder."""

    folder: Path
    manifest: Manifest

    @property
    def file(self) -> Path:
        """The dump."""
        return self.folder / self.manifest.dump.file

    @property
    def keys_file(self) -> Path | None:
        """The dump of the keys, None once its shorter cycle is over."""
        path = self.folder / self.manifest.keys.file
        return path if path.exists() else None

    @property
    def manifest_file(self) -> Path:
        """The manifest."""
        return self.file.with_suffix(".json")

    def require_whole(self) -> None:
        """Raise BackupError for a dump that is not the one that was made."""
        for part in (self.manifest.dump, self.manifest.keys):
            path = self.folder / part.file
            if part is self.manifest.keys and not path.exists():
                continue
            if not path.exists():
                raise BackupError(f"{path} is gone: take another backup (`stadtwart db backups`)")
            if digest_of(path) != part.sha256:
                raise BackupError(f"{path} was changed or is damaged: take another backup")


def backups(folder: Path) -> list[Backup]:
    """Return the backups of a folder, the oldest first."""
    found = [
        Backup(folder, msgspec.json.decode(path.read_bytes(), type=Manifest))
        for path in folder.glob("*.json")
    ]
    return sorted(found, key=lambda one: one.manifest.made_at)


def backup_of(dump: Path) -> Backup:
    """Return the backup a dump belongs to; raise BackupError where its manifest is missing."""
    path = dump.with_suffix(".json")
    if not path.is_file():
        raise BackupError(f"{dump} has no manifest {path.name}: nobody can say what is in it")
    return Backup(dump.parent, msgspec.json.decode(path.read_bytes(), type=Manifest))


def is_over(backup: Backup, *, now: datetime, days: int) -> bool:
    """Say whether a backup is older than its cycle."""
    return now - backup.manifest.made_at > timedelta(days=days)


def digest_of(path: Path) -> str:
    """Return a file's SHA-256."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()
