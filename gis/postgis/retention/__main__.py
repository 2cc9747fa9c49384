"""`stadtwart retention`: how long data are kept, deleting what is older, erasing on request."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from datetime import UTC, datetime
from uuid import UUID

import psycopg

from gis.postgis.database import start_database
from gis.postgis.errors import DatabaseError
from gis.postgis.migrate import migrate
from gis.postgis.retention import rules
from gis.postgis.retention.erasure import (
    Erased,
    ErasureError,
    Near,
    erase_near,
    erase_person,
    erase_picture,
)


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    arguments = _parser().parse_args(argv)
    try:
        url = start_database()
        migrate(url)
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            print(json.dumps(arguments.run(arguments, connection), indent=1))
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except psycopg.OperationalError as error:
        print(f"the database does not answer: {error}", file=sys.stderr)
        return DatabaseError.exit_code
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart retention", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    show = verbs.add_parser("show", help="each kind of data, and how many days it is kept")
    show.set_defaults(run=_show)
    run = verbs.add_parser("run", help="delete what is older than its period; once a night")
    run.add_argument("--kind", choices=rules.KINDS, action="append", help="one kind (all)")
    run.add_argument("--dry-run", action="store_true", help="say what would go, delete nothing")
    run.set_defaults(run=_run)
    erase = verbs.add_parser("erase", help="erase on request; the receipt is printed")
    what = erase.add_mutually_exclusive_group(required=True)
    what.add_argument("--near", metavar="LON,LAT", help="with --radius-m, --from and --to")
    what.add_argument("--picture", metavar="SHA256", help="one picture")
    what.add_argument("--person", metavar="ID", type=UUID, help="a person of the staff")
    erase.add_argument("--radius-m", type=float, default=50, help="around the place (50)")
    erase.add_argument("--from", dest="since", type=_instant, help="2027-03-01T08:00:00+01:00")
    erase.add_argument("--to", dest="until", type=_instant, help="end of the time, excluded")
    erase.add_argument("--dry-run", action="store_true", help="say what would go, erase nothing")
    erase.set_defaults(run=_erase)
    return parser


def _show(_arguments: argparse.Namespace, connection: psycopg.Connection) -> object:
    days = rules.periods(rules.stated_periods(connection))
    return [
        {"kind": rule.kind, "days": days[rule.kind], "what": rule.says, "setting": rule.setting}
        for rule in rules.RULES
    ]


def _run(arguments: argparse.Namespace, connection: psycopg.Connection) -> object:
    done = rules.run(
        connection,
        now=datetime.now(UTC),
        kinds=arguments.kind or rules.KINDS,
        is_dry=arguments.dry_run,
    )
    return [
        {
            "kind": one.kind,
            "would_delete" if arguments.dry_run else "deleted": len(one.ids),
            "older_than": one.before.isoformat(timespec="seconds"),
            "digest": one.digest,
        }
        for one in done
    ]


def _erase(arguments: argparse.Namespace, connection: psycopg.Connection) -> object:
    is_dry = arguments.dry_run
    if arguments.picture:
        return _told(erase_picture(connection, arguments.picture, is_dry=is_dry), is_dry)
    if arguments.person:
        return _told(erase_person(connection, arguments.person, is_dry=is_dry), is_dry)
    if not arguments.since or not arguments.until:
        raise ErasureError("--near needs --from and --to: when was it?")
    near = Near(
        *_place(arguments.near),
        radius_m=arguments.radius_m,
        since=arguments.since,
        until=arguments.until,
    )
    return _told(erase_near(connection, near, is_dry=is_dry), is_dry)


def _told(erased: Erased, is_dry: bool) -> object:
    return {
        "erasure_id": None if is_dry else str(erased.erasure_id),
        "dry_run": is_dry,
        "by": erased.by,
        "pictures": erased.pictures,
        "sightings": erased.sightings,
        "keys": len(erased.keys),
        "digest": erased.digest,
    }


def _place(text: str) -> tuple[float, float]:
    try:
        longitude_deg, latitude_deg = map(float, text.split(","))
    except ValueError as error:
        raise ErasureError(f"{text!r} is no place: write LON,LAT like 11.9651,51.4800") from error
    return longitude_deg, latitude_deg


def _instant(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time like 2027-03-01T08:00:00Z"
        ) from error
    if found.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} has no time zone: add Z or +01:00")
    return found


if __name__ == "__main__":
    sys.exit(main())
