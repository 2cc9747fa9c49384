"""The audit log's figures as one JSON object: `python -m tests.bench.audit [PART]`.

`database`: events a second from the outbox into signed checkpoints, beside plain INSERTs of the
same rows in the same run, and the lag of an event under steady writing. `ingest`: the lag of a
batch from its acknowledgement to its signature while trucks send over HTTP as fast as they can.
`million`: sequencing, proofs and export of a log of a million entries in the database. `bundle`:
verifying a bundle of a million entries with the auditor's tool, and one proof from its files.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.audit.big_bundle import measure_bundle
from tests.bench.audit.database import measure_database
from tests.bench.audit.ingest_lag import measure_ingest_lag
from tests.bench.audit.million import measure_million

PARTS = ("database", "ingest", "million", "bundle")


def main(argv: list[str] | None = None) -> int:
    """Measure one part and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("part", nargs="?", choices=PARTS, help="one alone (both)")
    parser.add_argument("--events", type=int, default=40_000, help="through the sequencer")
    parser.add_argument("--load-s", type=float, default=10, help="how long to measure the lag")
    parser.add_argument("--entries", type=int, default=1_000_000, help="of the bundle")
    given = parser.parse_args(argv)
    found: dict[str, object] = {}
    for part in [given.part] if given.part else PARTS:
        with TemporaryDirectory(prefix="sw-bench-") as name:
            found[part] = _measure(part, Path(name), given)
    load = [round(one, 1) for one in os.getloadavg()]
    print(json.dumps(found | {"cpus": os.cpu_count(), "load_average": load}, indent=1))
    return 0


def _measure(part: str, folder: Path, given: argparse.Namespace) -> dict[str, object]:
    folder.chmod(0o755)
    if part == "database":
        return measure_database(folder, events=given.events, load_s=given.load_s)
    if part == "ingest":
        return measure_ingest_lag(folder, load_s=given.load_s)
    if part == "million":
        return measure_million(folder, entries=given.entries)
    return measure_bundle(folder, entries=given.entries)


if __name__ == "__main__":
    sys.exit(main())
