"""`stadtwart governance`: check the guideline, load register and cards, export, show what stops."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path

import psycopg

from gis.postgis.database import start_database
from gis.postgis.errors import DatabaseError
from gis.postgis.governance import exports
from gis.postgis.governance.demo import approve
from gis.postgis.governance.gate import Database
from gis.postgis.governance.guideline_run import Checked, run_checks, store
from gis.postgis.governance.inspection import inspect
from gis.postgis.governance.load import load
from gis.postgis.governance.shipped import read_model
from gis.postgis.migrate import migrate
from governance.check_result import Status
from governance.model_papers import readme

MARKS = {Status.PASS: "pass", Status.FAIL: "FAIL", Status.UNKNOWN: "unknown"}


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code: 1 when a hard rule does not hold."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    arguments = _parser().parse_args(argv)
    if arguments.verb == "readme":
        model = read_model(arguments.folder)
        text = readme(model.card, model_sha256=model.model_sha256)
        (arguments.folder / "README.md").write_text(text, encoding="utf-8")
        return 0
    try:
        url = start_database()
        migrate(url)
        if arguments.verb == "approve-demo":
            approve(url)
            return 0
        with psycopg.connect(url, autocommit=True, connect_timeout=5) as connection:
            return int(arguments.run(arguments, connection))
    except DatabaseError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except psycopg.OperationalError as error:
        print(f"the database does not answer: {error}", file=sys.stderr)
        return DatabaseError.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart governance", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    check = verbs.add_parser("check", help="check every rule; exit code 1 when a hard one fails")
    check.add_argument("--json", action="store_true", help="print results with their evidence")
    check.add_argument("--dry-run", action="store_true", help="do not store the results")
    check.set_defaults(run=_check)
    loading = verbs.add_parser("load", help="store cards of the released models and the register")
    loading.set_defaults(run=_load)
    verbs.add_parser("approve-demo", help="simulated city only: approve and publish for show")
    papers = verbs.add_parser("readme", help="write README.md beside a model folder's card.json")
    papers.add_argument("folder", type=Path)
    export = verbs.add_parser("export", help="write the public register and the models' papers")
    export.add_argument("--out", type=Path, required=True, metavar="DIR")
    export.set_defaults(run=_export)
    return parser


def _check(arguments: argparse.Namespace, connection: Database) -> int:
    found = run_checks(inspect(connection))
    if not arguments.dry_run:
        store(connection, found)
    if arguments.json:
        print(json.dumps([one.as_json() for one in found], indent=1, ensure_ascii=False))
    else:
        print("\n".join(_in_words(one) for one in found))
    return int(any(one.rule.is_hard and one.result.status is not Status.PASS for one in found))


def _load(_arguments: argparse.Namespace, connection: Database) -> int:
    print(json.dumps(load(connection)))
    return 0


def _export(arguments: argparse.Namespace, connection: Database) -> int:
    for path in exports.write(connection, arguments.out):
        print(path)
    return 0


def _in_words(checked: Checked) -> str:
    hard = "hard" if checked.rule.is_hard else "soft"
    title = checked.rule.title["en"]
    lines = [f"{checked.rule.number:>2} {MARKS[checked.result.status]:<7} {hard}  {title}"]
    is_unknown = checked.result.status is Status.UNKNOWN
    said = [one for one in checked.result.evidence if one.is_fault or is_unknown]
    lines += [f"             - {one.en}" for one in said]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
