"""`stadtwart db`: bring the database up, down, up to date, or print its address."""

from __future__ import annotations

import argparse
import logging
import os
import sys

import psycopg

from gis.postgis.database import embedded_cluster, start_database
from gis.postgis.errors import DatabaseError
from gis.postgis.migrate import migrate


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    arguments = _parser().parse_args(argv)
    try:
        return VERBS[arguments.verb]()
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except psycopg.OperationalError as error:
        print(f"the database does not answer: {error}", file=sys.stderr)
        return DatabaseError.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart db", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("up", help="start the embedded database and bring it up to date")
    verbs.add_parser("down", help="stop the embedded database")
    verbs.add_parser("migrate", help="bring the database up to date")
    verbs.add_parser("url", help="print the address; psql reads it")
    return parser


def _up() -> int:
    url = start_database()
    migrate(url)
    print(url)
    return 0


def _down() -> int:
    embedded_cluster().stop()
    return 0


def _migrate() -> int:
    for name in migrate(start_database()):
        print(name)
    return 0


def _url() -> int:
    print(os.environ.get("DATABASE_URL") or embedded_cluster().url())
    return 0


VERBS = {"up": _up, "down": _down, "migrate": _migrate, "url": _url}

if __name__ == "__main__":
    sys.exit(main())
