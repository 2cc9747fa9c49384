"""`stadtwart db`: the database up, down, up to date; backups, and the drill that proves them."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg

from gis.postgis.backup import commands
from gis.postgis.backup.folder import BackupError
from gis.postgis.data_folder import data_folder
from gis.postgis.database import embedded_cluster, start_database
from gis.postgis.errors import DatabaseError
from gis.postgis.migrate import migrate


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    arguments = _parser().parse_args(argv)
    try:
        return int(arguments.run(arguments))
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except psycopg.OperationalError as error:
        print(f"the database does not answer: {error}", file=sys.stderr)
        return DatabaseError.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart db", description=__doc__)
    parser.add_argument("--folder", type=Path, help="of the backups (data folder/backups)")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, run, text in (
        ("up", _up, "start the embedded database and bring it up to date"),
        ("down", _down, "stop the embedded database"),
        ("migrate", _migrate, "bring the database up to date"),
        ("url", _url, "print the address; psql reads it"),
        ("backup", _backup, "dump the database, then delete backups past their cycle"),
        ("backups", _backups, "list the backups"),
    ):
        verbs.add_parser(name, help=text).set_defaults(run=run)
    drill = verbs.add_parser("drill", help="restore a backup aside, count and check it, drop it")
    restore = verbs.add_parser("restore", help="restore a backup into an empty database")
    drill.add_argument("file", type=Path, nargs="?", help="a dump (the newest)")
    restore.add_argument("file", type=Path, help="a dump")
    drill.set_defaults(run=_drill)
    restore.set_defaults(run=_restore)
    return parser


def _up(_arguments: argparse.Namespace) -> int:
    url = start_database()
    migrate(url)
    print(url)
    return 0


def _down(_arguments: argparse.Namespace) -> int:
    embedded_cluster().stop()
    return 0


def _migrate(_arguments: argparse.Namespace) -> int:
    for name in migrate(start_database()):
        print(name)
    return 0


def _url(_arguments: argparse.Namespace) -> int:
    print(os.environ.get("DATABASE_URL") or embedded_cluster().url())
    return 0


def _backup(arguments: argparse.Namespace) -> int:
    url = start_database()
    migrate(url)
    return _told(commands.nightly(url, _folder(arguments), now=datetime.now(UTC)))


def _backups(arguments: argparse.Namespace) -> int:
    return _told(commands.listed(_folder(arguments), now=datetime.now(UTC)))


def _drill(arguments: argparse.Namespace) -> int:
    url = start_database()
    migrate(url)
    return _told(commands.drill(url, _folder(arguments), arguments.file))


def _restore(arguments: argparse.Namespace) -> int:
    return _told(commands.restore_into(start_database(), arguments.file))


def _told(found: object) -> int:
    """Print what was done; the exit code says whether something was wrong with it."""
    print(json.dumps(found, indent=1))
    return BackupError.exit_code if isinstance(found, dict) and found.get("findings") else 0


def _folder(arguments: argparse.Namespace) -> Path:
    chosen: Path | None = arguments.folder
    return chosen or data_folder(os.environ) / "backups"


if __name__ == "__main__":
    sys.exit(main())
