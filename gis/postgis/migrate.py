"""Bring a database up to date: each migration once, in order, never changed afterwards."""

from __future__ import annotations

import logging
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import LiteralString

import psycopg
from procrastinate.schema import SchemaManager

from gis.postgis.errors import MigrationError

logger = logging.getLogger(__name__)

FOLDER = Path(__file__).parent / "migrations"
LOCK_KEY = 0x5357_4D49_4752  # "SWMIGR": one migrating program at a time
JOBS = "procrastinate"  # its tables come with the library, under its own version
CATALOGUE: LiteralString = """
CREATE TABLE IF NOT EXISTS schema_migration (
    name text PRIMARY KEY,
    sha256 text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now()
)"""


def migrate(url: str, folder: Path = FOLDER) -> list[str]:
    """Apply what is missing and return the names applied now.

    Raises MigrationError when an applied file has changed, is gone, or does not run.
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK_KEY])
        connection.execute(CATALOGUE)
        rows = connection.execute("SELECT name, sha256 FROM schema_migration").fetchall()
        known: dict[str, str] = dict(rows)
        files = sorted(folder.glob("*.sql"))
        _refuse_changes(known, files)
        applied = [file.stem for file in files if file.stem not in known]
        for name in applied:
            _apply(connection, name, (folder / f"{name}.sql").read_text(encoding="utf-8"))
        return applied + _apply_jobs(connection, known.get(JOBS))


def _refuse_changes(known: dict[str, str], files: list[Path]) -> None:
    present = {file.stem: _digest(file.read_text(encoding="utf-8")) for file in files}
    for name, digest in known.items():
        if name == JOBS:
            continue
        if name not in present:
            raise MigrationError(
                f"the database has migration {name}, this program does not: "
                "install the newer program, a database never goes back"
            )
        if present[name] != digest:
            raise MigrationError(
                f"migration {name} changed after it was applied ({digest[:12]}… then, "
                f"{present[name][:12]}… now): restore the file and add a new migration"
            )


def _apply(connection: psycopg.Connection, name: str, text: str) -> None:
    try:
        with connection.transaction():
            connection.execute(text)
            _record(connection, name, _digest(text))
    except psycopg.errors.InsufficientPrivilege as error:
        raise MigrationError(
            f"migration {name} changed nothing: {error.diag.message_primary}. The owner of the "
            "database needs CREATEROLE, and PostGIS: have an administrator run "
            "CREATE EXTENSION postgis in it."
        ) from error
    except psycopg.Error as error:
        raise MigrationError(f"migration {name} failed and changed nothing: {error}") from error
    logger.info("migration applied name=%s", name)


def _apply_jobs(connection: psycopg.Connection, known: str | None) -> list[str]:
    """Install or upgrade the job queue's own tables with the files its package brings."""
    installed = version(JOBS)
    if known == installed:
        return []
    with connection.transaction():
        if known is None:
            connection.execute(SchemaManager.get_schema())
        else:
            for file in _job_upgrades(known):
                connection.execute(file.read_text(encoding="utf-8"))
        connection.execute("SELECT allow_job_queue()")
        _record(connection, JOBS, installed)
    logger.info("migration applied name=%s version=%s", JOBS, installed)
    return [f"{JOBS} {installed}"]


def _job_upgrades(known: str) -> list[Path]:
    files = sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql"))
    return [file for file in files if _numbers(file.name.split("_")[0]) > _numbers(known)]


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(".")[:3])


def _record(connection: psycopg.Connection, name: str, digest: str) -> None:
    connection.execute(
        "INSERT INTO schema_migration (name, sha256) VALUES (%s, %s) "
        "ON CONFLICT (name) DO UPDATE SET sha256 = excluded.sha256, applied_at = now()",
        [name, digest],
    )


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
