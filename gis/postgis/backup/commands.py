"""What an operator does with backups, each step with its receipt in the log: make, list, drill."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import psycopg

from gis.postgis import outbox
from gis.postgis.backup.folder import Backup, BackupError, backup_of, backups
from gis.postgis.backup.make import ACTOR, ROLE, Cycle, forget_old, make_backup
from gis.postgis.backup.restore import Restored, restore, scratch_database
from gis.postgis.queries import query
from gis.postgis.retention.rules import stated_periods
from governance.audit_event import Subject, event

Told = dict[str, object]


def nightly(url: str, folder: Path, *, now: datetime) -> Told:
    """Make a backup, then delete what is past its cycle."""
    backup = make_backup(url, folder, now=now)
    cycle = cycle_of(url)
    gone = forget_old(url, folder, now=now, cycle=cycle)
    return _described(backup) | {"kept_days": cycle.days, "deleted": gone}


def cycle_of(url: str) -> Cycle:
    """Return the cycle the city states in its profile, else the usual one."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        stated = stated_periods(connection)
    usual = Cycle()
    cycle = Cycle(
        stated.get("backup_days") or usual.days,
        stated.get("key_backup_days") or min(usual.key_days, stated.get("backup_days") or 7),
    )
    if cycle.key_days > cycle.days:
        raise BackupError(
            f"key_backup_days = {cycle.key_days} in city.toml: keys are kept no longer than "
            f"backup_days = {cycle.days}"
        )
    return cycle


def listed(folder: Path, *, now: datetime) -> list[Told]:
    """List the backups, the oldest first."""
    return [
        _described(one) | {"age_days": (now - one.manifest.made_at).days} for one in backups(folder)
    ]


def drill(url: str, folder: Path, file: Path | None) -> Told:
    """Restore a backup aside, check it, drop it; the log says how it went."""
    backup = backup_of(file) if file else _newest(folder)
    with scratch_database(url) as aside:
        restored = restore(backup, aside)
    _tell(url, backup, restored, is_drill=True)
    return _result(restored)


def restore_into(url: str, file: Path) -> Told:
    """Restore a backup for good; the log cannot go on before a person begins a new one."""
    backup = backup_of(file)
    restored = restore(backup, url)
    _tell(url, backup, restored, is_drill=False)
    return _result(restored) | {
        "next": "events since this backup are lost: stadtwart audit fsck, then "
        "stadtwart audit reopen --reason 'restored from backup'"
    }


def _newest(folder: Path) -> Backup:
    found = backups(folder)
    if not found:
        raise BackupError(f"{folder} holds no backup: `stadtwart db backup` makes one")
    return found[-1]


def _described(backup: Backup) -> Told:
    return {
        "file": str(backup.file),
        "made_at": backup.manifest.made_at.isoformat(timespec="seconds"),
        "size_bytes": backup.manifest.dump.size_bytes,
        "rows": sum(backup.manifest.rows.values()),
        "with_keys": backup.keys_file is not None,
    }


def _result(restored: Restored) -> Told:
    return {
        "file": str(restored.file),
        "rows": restored.rows,
        "log_entries": restored.entries,
        "with_keys": restored.with_keys,
        "seconds": round(restored.seconds, 1),
        "findings": restored.findings,
    }


def _tell(url: str, backup: Backup, restored: Restored, *, is_drill: bool) -> None:
    happened = event(
        "backup.restored",
        actor=ACTOR,
        subject=Subject("backup", backup.file.stem),
        data={
            "sha256": backup.manifest.dump.sha256,
            "is_drill": is_drill,
            "rows": restored.rows,
            "seconds": round(restored.seconds),
            "is_sound": not restored.findings,
        },
    )
    with psycopg.connect(url, connect_timeout=5) as connection:
        connection.execute(f"SET LOCAL ROLE {ROLE}".encode())
        connection.execute(query("audit_record"), outbox.parameters(happened))
