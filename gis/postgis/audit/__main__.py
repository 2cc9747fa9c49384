"""`stadtwart audit`: sequence the events, publish the log, check it, say how it stands."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg

from gis.postgis.audit.erase_check import Wanted, check, check_receipt
from gis.postgis.audit.errors import AuditError
from gis.postgis.audit.fsck import cross_findings, findings
from gis.postgis.audit.place import Place
from gis.postgis.audit.prove import prove
from gis.postgis.audit.publish import publish, published_note
from gis.postgis.audit.sequencer import connect, reopen, try_lock
from gis.postgis.audit.service import Service
from gis.postgis.audit.store import Database, Store, StoredLog, open_row, row_of
from gis.postgis.audit.witnesses import read_witnesses, with_cosignatures
from gis.postgis.backup.commands import cycle_of
from gis.postgis.data_folder import data_folder
from gis.postgis.database import start_database
from gis.postgis.errors import DatabaseError
from gis.postgis.migrate import migrate
from gis.postgis.queries import query
from governance.event_types import REOPENED
from governance.log.checkpoint import read_checkpoint


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code: 0 sound, 1 tampered, 2 cannot tell."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(levelname)s %(message)s")
    arguments = _parser().parse_args(argv)
    try:
        url = start_database()
        migrate(url)
        return int(arguments.run(arguments, url))
    except (AuditError, DatabaseError) as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except psycopg.OperationalError as error:
        print(f"the database does not answer: {error}", file=sys.stderr)
        return DatabaseError.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart audit", description=__doc__)
    parser.add_argument("--folder", type=Path, help="keys and published files (data folder/audit)")
    verbs = parser.add_subparsers(dest="verb", required=True)
    sequence = verbs.add_parser("sequence", help="give each event its place, signed, until Ctrl-C")
    sequence.add_argument("--once", action="store_true", help="end when nothing waits")
    sequence.add_argument("--at-most", type=_batch, default=1000, help="events a transaction")
    sequence.add_argument("--publish-every", type=float, default=1.0, metavar="SECONDS")
    sequence.add_argument("--base", help="name of the city's logs, without the year")
    sequence.add_argument("--policy", type=Path, help="witnesses to ask (policy.txt in the folder)")
    sequence.add_argument("--with-parent", action="store_true", help="end with what started it")
    sequence.set_defaults(run=_sequence)
    export = verbs.add_parser("export", help="write a log as files for the auditor")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    export.add_argument("--origin", help="which log (the open one)")
    export.add_argument("--policy", type=Path, help="policy file naming witnesses to ask")
    export.set_defaults(run=_export)
    status = verbs.add_parser("status", help="how the log stands, as JSON")
    status.set_defaults(run=_status)
    fsck = verbs.add_parser("fsck", help="check the log inside the database")
    fsck.add_argument("--cross", action="store_true", help="also: has each change its event?")
    fsck.set_defaults(run=_fsck)
    one = verbs.add_parser("prove", help="write one event and its proof")
    one.add_argument("event", type=UUID, help="the event's id")
    one.add_argument("--out", required=True, help="name of the two files, without ending")
    one.set_defaults(run=_prove)
    erased = verbs.add_parser("erase-check", help="show that something erased is gone everywhere")
    what = erased.add_mutually_exclusive_group(required=True)
    what.add_argument("--picture", metavar="SHA256", help="a picture, by the hash the log has")
    what.add_argument("--person", type=UUID, metavar="ID", help="a person of the staff")
    erased.add_argument("--receipt", type=Path, help="what `stadtwart retention erase` printed")
    erased.add_argument("--published", type=Path, action="append", help="more published folders")
    erased.add_argument("--backups", type=Path, help="folder of the backups (data folder/backups)")
    erased.set_defaults(run=_erase_check)
    again = verbs.add_parser("reopen", help="begin a new log: after a restore, or for a new key")
    again.add_argument("--reason", required=True, choices=REOPENED, help="stands in the log")
    again.add_argument("--base", help="name of the city's logs, without the year")
    again.set_defaults(run=_reopen)
    return parser


def _sequence(arguments: argparse.Namespace, url: str) -> int:
    policy = arguments.policy or _folder(arguments) / "policy.txt"
    is_wanted = arguments.policy is not None or policy.exists()
    service = Service(
        url=url,
        place=_place(arguments),
        year=_year,
        base=arguments.base,
        witnesses=read_witnesses(policy) if is_wanted else (),
        at_most=arguments.at_most,
        publish_every_s=arguments.publish_every,
    )
    parent = os.getppid()
    with _told_to_stop() as is_told:
        service.run(
            is_stopped=lambda: is_told() or (arguments.with_parent and os.getppid() != parent),
            until_empty=arguments.once,
        )
    return 0


@contextmanager
def _told_to_stop() -> Iterator[Callable[[], bool]]:
    """Turn Ctrl-C and a service manager's signal into a question, so that a batch is finished."""
    told: list[int] = []
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(one, lambda number, _frame: told.append(number)) for one in numbers]
    try:
        yield lambda: bool(told)
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


def _export(arguments: argparse.Namespace, url: str) -> int:
    with _reading(url) as connection:
        store = Store(connection, _log(connection, arguments.origin))
        last = store.last_checkpoint()
        if last is None:
            raise AuditError(f"{store.log.origin} has no checkpoint: `stadtwart audit sequence`")
        size, note = last
        published = published_note(_place(arguments).public_folder(store.log.origin))
        if published and published.startswith(note.partition("\n\n")[0] + "\n\n"):
            note = published  # the same checkpoint, with its witnesses
        elif arguments.policy:
            note = with_cosignatures(store, note, read_witnesses(arguments.policy))
        publish(store, note, arguments.out)
    print(f"{store.log.origin}: {size} entries in {arguments.out}")
    return 0


def _status(arguments: argparse.Namespace, url: str) -> int:
    with _reading(url) as connection:
        row = connection.execute(query("audit_waiting")).fetchone()
        waiting, oldest_s = row if row else (0, None)
        found: dict[str, object] = {"waiting": waiting, "oldest_s": oldest_s}
        if log := open_row(connection):
            last = Store(connection, log).last_checkpoint()
            published = published_note(_place(arguments).public_folder(log.origin))
            found |= {
                "origin": log.origin,
                "size": last[0] if last else 0,
                "root": read_checkpoint(last[1]).root.hex() if last else None,
                "published_size": read_checkpoint(published).size if published else None,
                "vkey": log.vkey,
            }
    print(json.dumps(found, indent=1))
    return 0


def _fsck(arguments: argparse.Namespace, url: str) -> int:
    bad = 0
    with _reading(url) as connection:
        for text in findings(connection, _place(arguments)):
            bad += 1
            print(text)
        for text in cross_findings(connection) if arguments.cross else ():
            bad += 1
            print(text)
    print(f"{bad} findings" if bad else "sound")
    return 1 if bad else 0


def _prove(arguments: argparse.Namespace, url: str) -> int:
    with _reading(url) as connection:
        proof, body = prove(connection, _place(arguments), arguments.event)
    Path(f"{arguments.out}.tlog-proof").write_text(proof, encoding="utf-8", newline="\n")
    Path(f"{arguments.out}.json").write_bytes(body)
    print(f"{arguments.out}.tlog-proof proves {arguments.out}.json")
    return 0


def _erase_check(arguments: argparse.Namespace, url: str) -> int:
    wanted = (
        Wanted("picture", arguments.picture)
        if arguments.picture
        else Wanted("person", str(arguments.person))
    )
    with _reading(url) as connection:
        found = list(
            check(
                connection,
                _place(arguments),
                wanted,
                published=arguments.published or (),
                backup_folder=arguments.backups or data_folder(os.environ) / "backups",
                cycle=cycle_of(url),
                now=datetime.now(UTC),
            )
        )
        if arguments.receipt:
            told = json.loads(arguments.receipt.read_text(encoding="utf-8"))
            erasure_id = UUID(told["erasure_id"])
            found.append(check_receipt(connection, _place(arguments), erasure_id, told["digest"]))
    print(json.dumps([asdict(one) for one in found], indent=1))
    states = {one.state for one in found}
    return 1 if "found" in states else 2 if "cannot tell" in states else 0


def _reopen(arguments: argparse.Namespace, url: str) -> int:
    with connect(url) as connection:
        if not try_lock(connection):
            raise AuditError("a sequencer works on this database: end it first")
        log = reopen(
            connection,
            _place(arguments),
            base=arguments.base,
            year=_year(),
            reason=arguments.reason,
        )
        publish(log.store, log.note, _place(arguments).public_folder(log.origin))
    print(f"{log.origin}\n{log.store.log.vkey}")
    return 0


def _reading(url: str) -> Database:
    """Connect for reading alone, to one moment of the log."""
    connection = psycopg.connect(url, connect_timeout=5)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return connection


def _log(connection: Database, origin: str | None) -> StoredLog:
    found = row_of(connection, origin) if origin else open_row(connection)
    if found is None:
        raise AuditError(
            f"there is no log {origin}" if origin else "no log yet: `stadtwart audit sequence`"
        )
    return found


def _folder(arguments: argparse.Namespace) -> Path:
    chosen: Path | None = arguments.folder
    return chosen or data_folder(os.environ) / "audit"


def _place(arguments: argparse.Namespace) -> Place:
    return Place(_folder(arguments) / "keys", _folder(arguments) / "public")


def _year() -> int:
    return datetime.now(UTC).year


def _batch(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 5000:
        raise argparse.ArgumentTypeError("1 to 5000 events a transaction")
    return number


if __name__ == "__main__":
    sys.exit(main())
