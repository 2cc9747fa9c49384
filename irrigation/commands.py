"""The verbs of `stadtwart irrigation` that work on the city's database."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def add(verbs: Any) -> None:
    """Add the verbs to the command's parser."""
    load = verbs.add_parser("load", help="bring trees and sensors into the city's database")
    load.add_argument("source", nargs="+", help="a city folder, a register's files, or a WFS")
    load.add_argument("--mapping", help="halle, magdeburg, flensburg or a .toml; for files")
    load.add_argument("--city", type=Path, help="city folder whose [trees] settings count")
    load.add_argument("--layer", help="feature type, for a WFS")
    load.add_argument("--json", action="store_true", help="print JSON instead of lines")
    load.set_defaults(run=_load)


def _load(given: argparse.Namespace) -> int:
    import tempfile

    from gis.city import read_city
    from gis.postgis.database import start_database
    from gis.postgis.migrate import migrate
    from irrigation import cadastre_mapping, load, tree_profile, wfs
    from irrigation.errors import CadastreError
    from irrigation.load import Wanted

    url = start_database()
    migrate(url)
    folder = Path(given.source[0])
    with tempfile.TemporaryDirectory() as scratch:
        if folder.is_dir():
            wanted = load.of_folder(folder, simulated=read_city(folder).facts.simulated)
        elif given.mapping is None:
            raise CadastreError("a register's files need --mapping NAME")
        else:
            mapping = cadastre_mapping.load(given.mapping)
            files = [wfs.local(one, given.layer, Path(scratch)) for one in given.source]
            profile = tree_profile.read(given.city) if given.city else tree_profile.TreeProfile()
            wanted = Wanted(files, mapping, profile, None, simulated=False)
        done = load.load(url, wanted, on=datetime.now(UTC).date())
    report = dataclasses.asdict(done)
    _print(report, as_json=given.json)
    return 0


def _print(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False, default=str) + "\n")
        return
    for name, value in report.items():
        inner = value.items() if isinstance(value, dict) else ()
        sys.stdout.write(f"{name.replace('_', ' ')}: {'' if inner else value}\n")
        for key, number in inner:
            sys.stdout.write(f"{number!s:>10}  {key}\n")
