"""Make a backup: dump, keys, manifest, receipt in the log; then delete what is past its cycle."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from gis.postgis import outbox
from gis.postgis.backup.folder import (
    STAMP,
    Backup,
    BackupError,
    Manifest,
    Part,
    backups,
    digest_of,
    is_over,
)
from gis.postgis.backup.programs import run
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from governance.event_fields import Value
from governance.log.checkpoint import read_checkpoint

KEY_TABLES = ("person_key", "payload_key")
ROLE = "stadtwart_keeper"
ACTOR = Actor("machine", "backup")


@dataclass(frozen=True, slots=True)
class Cycle:
    """After how many days a backup forgets."""

    days: int = 30
    key_days: int = 7  # what lets a reference be led back to a person


def make_backup(url: str, folder: Path, *, now: datetime) -> Backup:
    """Dump the database as it is at one moment; the manifest comes last."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"stadtwart-{now.strftime(STAMP)}"
    if (folder / f"{name}.dump").exists():
        raise BackupError(f"{folder / name}.dump exists: one backup a second is enough")
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        snapshot = _one(connection, "backup_snapshot")
        parts = list(_dump(url, folder, name, snapshot))
        manifest = Manifest(
            made_at=now,
            dump=parts[0],
            keys=parts[1],
            rows=count_rows(connection),
            logs={row[0]: row[2] for row in connection.execute(query("backup_log"))},
        )
    backup = Backup(folder, manifest)
    text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    backup.manifest_file.write_bytes(text + b"\n")
    _tell(url, "backup.made", backup, **_facts(manifest))
    return backup


def forget_old(url: str, folder: Path, *, now: datetime, cycle: Cycle) -> list[str]:
    """Delete backups and keys past their cycle, each with its receipt; return the names."""
    gone: list[str] = []
    for backup in backups(folder):
        if is_over(backup, now=now, days=cycle.key_days) and (keys := backup.keys_file):
            keys.unlink()
            gone.append(keys.name)
        if is_over(backup, now=now, days=cycle.days):
            age_days = (now - backup.manifest.made_at).days
            backup.file.unlink(missing_ok=True)
            _tell(url, "backup.deleted", backup, age_days=age_days)
            backup.manifest_file.unlink()
            gone.append(backup.file.name)
    return gone


def count_rows(connection: Connection[Any]) -> dict[str, int]:
    """Count the rows of every table."""
    names = [str(row[0]) for row in connection.execute(query("backup_tables"))]
    counted: dict[str, int] = {}
    for name in names:
        row = connection.execute(SQL("SELECT count(*) FROM {}").format(Identifier(name))).fetchone()
        counted[name] = int(row[0]) if row else 0
    return counted


def _dump(url: str, folder: Path, name: str, snapshot: str) -> Iterator[Part]:
    """Dump everything but the keys, then the keys, from the same moment."""
    without = [f"--exclude-table-data={table}" for table in KEY_TABLES]
    only = ["--data-only", *(f"--table={table}" for table in KEY_TABLES)]
    for file, options in ((f"{name}.dump", without), (f"{name}.keys", only)):
        path = folder / file
        run(
            "pg_dump", ["--format=custom", f"--snapshot={snapshot}", *options], url=url, output=path
        )
        yield Part(file, digest_of(path), path.stat().st_size)


def _facts(manifest: Manifest) -> dict[str, Value]:
    sizes = [read_checkpoint(note).size for note in manifest.logs.values()]
    return {
        "size_bytes": manifest.dump.size_bytes,
        "tables": len(manifest.rows),
        "rows": sum(manifest.rows.values()),
        "log_size": sum(sizes),
    }


def _tell(url: str, kind: str, backup: Backup, **data: Value) -> None:
    name = backup.file.stem
    happened = event(
        kind,
        actor=ACTOR,
        subject=Subject("backup", name),
        data={"sha256": backup.manifest.dump.sha256, **data},
    )
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute(f"SET LOCAL ROLE {ROLE}".encode())
        connection.execute(query("audit_record"), outbox.parameters(happened))


def _one(connection: Connection[Any], name: str) -> str:
    row = connection.execute(query(name)).fetchone()
    if row is None:
        raise BackupError(f"the database gave no answer to {name}")
    return str(row[0])
