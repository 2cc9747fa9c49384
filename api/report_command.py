"""`stadtwart report`: make a committee report for an interval and write it as files."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import date
from pathlib import Path

import psycopg

from api import report_paper
from api.pdf import PdfLibraryError
from api.problems import Problem
from api.report_maker import Kept, make_in
from gis.postgis.database import start_database, take_app_role
from gis.postgis.errors import DatabaseError
from gis.postgis.migrate import migrate
from governance.audit_event import Actor
from governance.report.words import LANGUAGES

FORMATS = ("json", "html", "pdf")


def main(argv: list[str] | None = None) -> int:
    """Make the report, write its files, print their names."""
    given = _parser().parse_args(argv)
    try:
        url = start_database()
        migrate(url)
        kept, body = asyncio.run(_make(url, given.from_day, given.until_day))
        for file in _write(given, kept, body):
            print(file)
    except (DatabaseError, PdfLibraryError) as error:
        print(f"report: {error}", file=sys.stderr)
        return error.exit_code
    except Problem as error:
        print(f"report: {error.detail}", file=sys.stderr)
        return 2
    except psycopg.OperationalError as error:
        print(f"report: the database does not answer: {error}", file=sys.stderr)
        return DatabaseError.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart report", description=__doc__)
    day = date.fromisoformat
    parser.add_argument("--from", dest="from_day", type=day, required=True, metavar="YYYY-MM-DD")
    parser.add_argument(
        "--until", dest="until_day", type=day, required=True, metavar="YYYY-MM-DD", help="included"
    )
    parser.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    parser.add_argument("--lang", choices=LANGUAGES, default="de")
    parser.add_argument("--format", action="append", choices=FORMATS, help="all three")
    return parser


async def _make(url: str, from_day: date, until_day: date) -> tuple[Kept, bytes]:
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as connection:
        await take_app_role(connection)
        async with connection.transaction():
            return await make_in(connection, from_day, until_day, Actor("person", "operator:cli"))


def _write(given: argparse.Namespace, kept: Kept, body: bytes) -> list[Path]:
    given.out.mkdir(parents=True, exist_ok=True)
    stem = f"stadtwart-report-{kept.from_day}-{kept.until_day}"
    made = {
        "json": lambda: body,
        "html": lambda: report_paper.page_of(body, given.lang).encode(),
        "pdf": lambda: report_paper.paper_of(body, given.lang),
    }
    written = []
    for ending in given.format or FORMATS:
        name = f"{stem}.json" if ending == "json" else f"{stem}-{given.lang}.{ending}"
        (given.out / name).write_bytes(made[ending]())
        written.append(given.out / name)
    return written
