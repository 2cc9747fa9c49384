"""PostgreSQL's own dump and restore, with the address in the environment, not for all to see."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict

from gis.postgis.backup.folder import BackupError
from gis.postgis.server_programs import find_programs

NAMES = {  # of libpq's parameters, as its environment variables
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "passfile": "PGPASSFILE",
}
Running = subprocess.Popen[bytes]


def environment(url: str) -> dict[str, str]:
    """Return the environment that leads PostgreSQL's programs to a database."""
    known = conninfo_to_dict(url)
    unknown = sorted(set(known) - set(NAMES))
    if unknown:
        raise BackupError(
            f"the database's address has {', '.join(unknown)}: take only {', '.join(NAMES)}"
        )
    return dict(os.environ) | {NAMES[name]: str(value) for name, value in known.items()}


def run(program: str, arguments: list[str], *, url: str, output: Path | None = None) -> None:
    """Run one of PostgreSQL's programs; raise BackupError with its words when it fails."""
    command = [str(find_programs() / program), *arguments]
    if output is None:
        done = subprocess.run(command, env=environment(url), capture_output=True, check=False)
    else:
        with os.fdopen(os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            done = subprocess.run(
                command, env=environment(url), stdout=file, stderr=subprocess.PIPE, check=False
            )
            os.fsync(file.fileno())
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        raise BackupError(f"{program} failed ({done.returncode}): {' | '.join(said[:3])[:500]}")


@contextmanager
def reading(dump: Path, tables: list[str]) -> Iterator[Running]:
    """Run pg_restore over some tables of a dump and hand out what it prints: SQL text."""
    only = [f"--table={table}" for table in tables]
    command = [str(find_programs() / "pg_restore"), "--data-only", *only, "-f", "-", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()
