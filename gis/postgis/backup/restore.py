"""Restore a backup into an empty database and check it: row counts, then every entry of the log."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from os import getpid
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo
from psycopg.sql import SQL, Identifier

from gis.postgis.audit.fsck import content_findings
from gis.postgis.audit.store import Store, every_row
from gis.postgis.backup.folder import Backup, BackupError
from gis.postgis.backup.make import KEY_TABLES, count_rows
from gis.postgis.backup.programs import run

ROLES = ("stadtwart_app", "stadtwart_sequencer", "stadtwart_keeper")  # of the server, not dumped


@dataclass(frozen=True, slots=True)
class Restored:
    """How a restore went; no findings means that everything is there and the log is sound."""

    file: Path
    rows: int
    entries: int
    seconds: float
    with_keys: bool
    findings: list[str]


def restore(backup: Backup, url: str) -> Restored:
    """Restore into an empty database.

    Raises BackupError for a damaged backup, or for a database that already holds a city.
    """
    backup.require_whole()
    began = time.monotonic()
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        if connection.execute("SELECT to_regclass('schema_migration')").fetchone() != (None,):
            raise BackupError(
                "this database already holds a city: restore into an empty one, so that nothing "
                "is overwritten (createdb, DATABASE_URL)"
            )
        for role in ROLES:
            _make_role(connection, role)
    # as whoever restores: the owner's name may differ on another server
    run("pg_restore", ["--no-owner", "--exit-on-error", *_into(url), str(backup.file)], url=url)
    keys = backup.keys_file
    if keys:
        run("pg_restore", ["--data-only", "--exit-on-error", *_into(url), str(keys)], url=url)
    return _checked(backup, url, began, with_keys=keys is not None)


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """Make a database beside the city's, for the drill, and drop it afterwards."""
    name = f"stadtwart_drill_{getpid()}"
    with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
        connection.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        try:
            yield make_conninfo(url, dbname=name)
        finally:
            connection.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _into(url: str) -> list[str]:
    return ["--dbname", str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])]


def _make_role(connection: psycopg.Connection, role: str) -> None:
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    if known is None:
        connection.execute(SQL("CREATE ROLE {} NOLOGIN").format(Identifier(role)))
        connection.execute(SQL("GRANT {} TO CURRENT_USER").format(Identifier(role)))


def _checked(backup: Backup, url: str, began: float, *, with_keys: bool) -> Restored:
    with psycopg.connect(url, connect_timeout=5) as connection:
        found = count_rows(connection)
        findings = list(_count_findings(backup, found, with_keys=with_keys))
        entries = 0
        for log in every_row(connection):
            store = Store(connection, log)
            last = store.last_checkpoint()
            entries += store.entry_count()
            if last is None or last[1] != backup.manifest.logs.get(log.origin):
                findings.append(f"{log.origin}: its last checkpoint is not the one of the backup")
        findings += content_findings(connection)
    seconds = time.monotonic() - began
    return Restored(backup.file, sum(found.values()), entries, seconds, with_keys, findings)


def _count_findings(backup: Backup, found: dict[str, int], *, with_keys: bool) -> Iterator[str]:
    """Compare the rows of each table with the manifest."""
    for table, rows in backup.manifest.rows.items():
        wanted = 0 if table in KEY_TABLES and not with_keys else rows
        if found.get(table) != wanted:
            yield f"table {table} has {found.get(table)} rows, the backup had {wanted}"
