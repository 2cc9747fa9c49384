"""The verbs of `stadtwart irrigation` that work on the city's database."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
from datetime import UTC, date, datetime, time
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
    night = verbs.add_parser("night", help="the nightly run: how dry every tree is and will be")
    night.add_argument("--day", type=date.fromisoformat, help="as of this morning; else today")
    night.add_argument("--scheduler", metavar="ADDRESS", help="predict on a Dask cluster")
    night.add_argument("--json", action="store_true", help="print JSON instead of lines")
    night.set_defaults(run=_night)
    fetch = verbs.add_parser("fetch", help="fetch DWD observations and MOSMIX into the database")
    fetch.add_argument("--json", action="store_true", help="print JSON instead of lines")
    fetch.set_defaults(run=_fetch)
    check = verbs.add_parser("verify", help="check archived forecasts against what sensors said")
    check.add_argument("--day", type=date.fromisoformat, help="as of this morning; else today")
    check.add_argument("--json", action="store_true", help="print JSON instead of lines")
    check.set_defaults(run=_verify)
    for name, what in (("readings", "sensor readings"), ("waterings", "waterings")):
        take = verbs.add_parser(name, help=f"take {what} from a CSV file; twice changes nothing")
        take.add_argument("file", type=Path)
        take.add_argument("--json", action="store_true", help="print JSON instead of lines")
        take.set_defaults(run=_take, what=name)
    pretend = verbs.add_parser("simulate", help="weather and readings for a simulated city")
    pretend.add_argument("--until", type=date.fromisoformat, help="this morning; else today")
    pretend.add_argument("--nights", action="store_true", help="and run the nights of a week")
    pretend.set_defaults(run=_simulate)


def _load(given: argparse.Namespace) -> int:
    import tempfile

    from gis.city import read_city
    from gis.postgis.database import start_database
    from gis.postgis.migrate import migrate
    from irrigation.errors import CadastreError
    from irrigation.trees import cadastre_mapping, load, tree_profile, wfs
    from irrigation.trees.load import Wanted

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


def _night(given: argparse.Namespace) -> int:
    from gis.postgis.database import start_database
    from irrigation.night import nightly, verify

    day, now = _morning(given.day)
    predict = None
    if given.scheduler:
        from irrigation.night import on_dask

        predict = on_dask.predictor(given.scheduler)
    url = start_database()
    checked = verify.run(url, until=day)
    done = nightly.run(url, for_day=day, now=now, predict=predict)
    report = dataclasses.asdict(done) | {"checked": checked.checks, "alarms": checked.alarms}
    _print(report, as_json=given.json)
    return 0


def _fetch(given: argparse.Namespace) -> int:
    """Fetch both feeds; what came is kept even where the other failed."""
    import os

    from gis.postgis.data_folder import data_folder
    from gis.postgis.database import start_database
    from irrigation.feeds import dwd, fetch

    cache = dwd.Cache(data_folder(os.environ) / "weather", {"trust_env": True})
    done = fetch.run(start_database(), cache, today=datetime.now(UTC).date())
    _print(dataclasses.asdict(done), as_json=given.json)
    return 4 if done.failed else 0


def _verify(given: argparse.Namespace) -> int:
    from gis.postgis.database import start_database
    from irrigation.night import verify

    day, _ = _morning(given.day)
    done = verify.run(start_database(), until=day)
    if given.json:
        _print(dataclasses.asdict(done), as_json=True)
        return 0
    sys.stdout.write(f"{done.checks} forecasts checked, {done.alarms} alarms\n")
    for one in done.skill:
        sys.stdout.write(
            f"{one['horizon_d']:>3} d  {one['n']:>6} checks at {one['trees']} trees  "
            f"RMSE {one['rmse']:.3f}  skill {one['skill']:+.2f} over {one['best_baseline']}  "
            f"interval held {one['interval_coverage']:.0%}\n"
        )
    return 0


def _take(given: argparse.Namespace) -> int:
    from gis.postgis.database import start_database
    from gis.postgis.queries import query
    from irrigation.database import connected, require_trees
    from irrigation.feeds import intake, intake_file

    now = datetime.now(UTC)
    with connected(start_database()) as connection:
        require_trees(connection)
        row = connection.execute(query("city_time_zone")).fetchone()
        zone = "UTC" if row is None else str(row[0])
        if given.what == "readings":
            parsed = intake_file.readings(given.file, time_zone=zone)
            done = intake.store_readings(
                connection, parsed.readings, source=parsed.source, received_at=now
            )
        else:
            numbers = dict(connection.execute(query("tree_by_number")).fetchall())
            parsed = intake_file.waterings(given.file, numbers.get, time_zone=zone)
            done = intake.store_waterings(
                connection, parsed.waterings, source=parsed.source, received_at=now
            )
    report = dataclasses.asdict(done) | {"refused": parsed.refused, "source": parsed.source}
    _print(report, as_json=given.json)
    return 0


def _simulate(given: argparse.Namespace) -> int:
    from gis.postgis.database import start_database
    from irrigation.simulated import simulate

    day, _ = _morning(given.until)
    if given.nights:
        newest = simulate.mornings(start_database(), until=day)[-1]
        _print(dataclasses.asdict(newest), as_json=False)
    else:
        _print(simulate.fill(start_database(), until=day), as_json=False)
    return 0


def _morning(day: date | None) -> tuple[date, datetime]:
    """The day a run is for and the hour it knows: now, or six in the morning of another day."""
    now = datetime.now(UTC)
    if day is None or day == now.date():
        return now.date(), now
    return day, datetime.combine(day, time(6), UTC)


def _print(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        sys.stdout.write(json.dumps(report, indent=1, ensure_ascii=False, default=str) + "\n")
        return
    for name, value in report.items():
        inner = value.items() if isinstance(value, dict) else ()
        sys.stdout.write(f"{name.replace('_', ' ')}: {'' if inner else value}\n")
        for key, number in inner:
            sys.stdout.write(f"{number!s:>10}  {key}\n")
