"""`stadtwart bench`: measure one workload on a machine, set two machines side by side."""

from __future__ import annotations

import argparse
import dataclasses
import importlib
import json
import sys
import tomllib
from pathlib import Path
from typing import Any

import msgspec

from api.bench.city_hall import BenchError
from api.bench.compare import Assumptions, compare
from api.bench.notes import notes
from api.bench.page import page
from governance.report.words import LANGUAGES

DETECTOR = {  # measured by vision.training, which alone may know torch and the peers
    "vision": "time a frame, next to Ultralytics' predict",
    "soak": "look at frames for minutes; memory must not grow",
}
DEFAULTS = Path(__file__).with_name("assumptions.toml")


def main(argv: list[str] | None = None) -> int:
    """Run one verb and return the exit code; `compare` returns 1 where the first falls short."""
    words = sys.argv[1:] if argv is None else argv
    if words and words[0] in DETECTOR:
        return int(importlib.import_module("vision.training.speed.bench").main(words))
    given = _parser().parse_args(words)
    try:
        return int(given.run(given))
    except (BenchError, OSError, ValueError, KeyError, RuntimeError) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart bench", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    measure = verbs.add_parser("run", help="the whole workload on this machine: a few minutes")
    measure.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    measure.add_argument("--power-w", type=float, help="stated power, where no counter is readable")
    measure.add_argument(
        "--quick", action="store_true", help="a try-out; compares with its like only"
    )
    measure.set_defaults(run=_run)
    trees = verbs.add_parser(
        "irrigation", help="the nightly forecast of 50,000 and 1,000,000 trees"
    )
    trees.add_argument("--trees", type=int, nargs="+", help="other numbers of trees")
    trees.add_argument("--json", action="store_true", help="one line, for programs")
    trees.set_defaults(run=_irrigation)
    for name, text in DETECTOR.items():
        verbs.add_parser(name, help=text)
    beside = verbs.add_parser("compare", help="is the first machine enough?")
    beside.add_argument("a", type=Path, help="the local machine's file")
    beside.add_argument("b", type=Path, help="the other machine's file")
    beside.add_argument("--out", type=Path, metavar="FILE.html|.json", help="else JSON to stdout")
    beside.add_argument("--assumptions", type=Path, default=DEFAULTS, metavar="FILE.toml")
    beside.add_argument("--lang", choices=LANGUAGES, default="de")
    beside.set_defaults(run=_compare)
    return parser


def _run(given: argparse.Namespace) -> int:
    from api.bench import workload  # loads database, network and server only when measuring

    scale = workload.SMALL if given.quick else workload.SCALE
    result = workload.run(stated_w=given.power_w, scale=scale)
    given.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    print(given.out)
    return 0


def _irrigation(given: argparse.Namespace) -> int:
    from irrigation import benchmark

    found = benchmark.measure(tuple(given.trees or benchmark.SIZES))
    print(json.dumps(found, indent=None if given.json else 1))
    return 0


def _compare(given: argparse.Namespace) -> int:
    a, b = (_read(file) for file in (given.a, given.b))
    told = read_assumptions(given.assumptions)
    answer = compare(a, b, told)
    if given.out is not None and given.out.suffix == ".html":
        given.out.write_text(page(answer, a, b, told, given.lang), encoding="utf-8")
        print(given.out)
    else:
        whole = {
            "answer": dataclasses.asdict(answer),
            "notes": [english for _, english in notes(a, b)],
            "assumptions": msgspec.to_builtins(told),
        }
        text = json.dumps(whole, indent=1, ensure_ascii=False) + "\n"
        if given.out is None:
            sys.stdout.write(text)
        else:
            given.out.write_text(text, encoding="utf-8")
    return 0 if answer.a_is_enough else 1


def _read(file: Path) -> dict[str, Any]:
    found = json.loads(file.read_text(encoding="utf-8"))
    if not isinstance(found, dict) or "steps" not in found:
        raise ValueError(f"{file} was not written by `stadtwart bench run`")
    return found


def read_assumptions(file: Path) -> Assumptions:
    """Read the stated numbers; raise ValueError that names file and field."""
    try:
        return msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), Assumptions)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{file}: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
