"""`stadtwart irrigation`: read tree registers and weather; measure the soil forecast."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gis.postgis.errors import DatabaseError
from irrigation import commands
from irrigation.errors import IrrigationError, ModelError
from irrigation.simulated import season_command


def main(argv: list[str] | None = None) -> int:
    """Run one verb; results go to stdout, progress to stderr."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given = _parser().parse_args(argv)
    try:
        return int(given.run(given))
    except (IrrigationError, DatabaseError) as error:
        print(f"irrigation: {error}", file=sys.stderr)
        return error.exit_code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stadtwart irrigation", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    bring = verbs.add_parser("import", help="read a city's tree register and list what is odd")
    bring.add_argument("files", type=Path, nargs="+", metavar="FILE", help="the register's files")
    bring.add_argument("--mapping", required=True, help="halle, magdeburg, flensburg or a .toml")
    bring.add_argument("--out", type=Path, help="folder for trees.parquet and findings.parquet")
    bring.add_argument("--before", type=Path, help="trees.parquet of an earlier import: compare")
    bring.add_argument("--json", action="store_true", help="print JSON instead of lines")
    bring.set_defaults(run=_import)
    sky = verbs.add_parser("weather", help="read a DWD station file: its age, gaps and estimates")
    sky.add_argument("file", type=Path, metavar="FILE", help="produkt_klima_tag_*.txt")
    sky.add_argument("--latitude-deg", type=float, required=True, help="of the station")
    sky.add_argument("--elevation-m", type=float, required=True, help="of the station")
    sky.add_argument("--json", action="store_true", help="print JSON instead of lines")
    sky.set_defaults(run=_weather)
    measure = verbs.add_parser("evaluate", help="measure the soil forecast on soil stations")
    measure.add_argument("--stations", type=Path, required=True, help="daily USCRN, Parquet")
    measure.add_argument("--model", type=Path, help="a model folder; else the newest shipped one")
    measure.add_argument("--json", action="store_true", help="print JSON instead of lines")
    measure.set_defaults(run=_evaluate)
    train = verbs.add_parser("train", help="measure, train on all stations and write the card")
    train.add_argument("--stations", type=Path, required=True, help="daily USCRN, Parquet")
    train.add_argument("--version", required=True, help="for example 0.1.0")
    train.add_argument("--out", type=Path, required=True, help="folder that gets soil-VERSION")
    train.set_defaults(run=_train)
    energy = verbs.add_parser("energy", help="measure Wh per 1,000 forecasts into the card")
    energy.add_argument("--stations", type=Path, required=True, help="daily USCRN, Parquet")
    energy.add_argument("--power-w", type=float, help="of this machine, where no counter is read")
    energy.add_argument("--model", type=Path, help="a model folder; else the newest shipped one")
    energy.set_defaults(run=_energy)
    commands.add(verbs)
    season_command.add(verbs)
    return parser


def _import(given: argparse.Namespace) -> int:
    from irrigation.trees import cadastre, cadastre_mapping

    mapping = cadastre_mapping.load(given.mapping)
    result = cadastre.load(given.files, mapping, on=datetime.now(UTC).date())
    report = {"city": mapping.city, "source": mapping.source} | cadastre.summary(result)
    if given.before is not None:
        report["difference"] = _difference(given.before, result.trees)
    if given.out is not None:
        given.out.mkdir(parents=True, exist_ok=True)
        result.trees.to_parquet(given.out / "trees.parquet", index=False)
        result.findings.to_parquet(given.out / "findings.parquet", index=False)
        report["written"] = str(given.out)
    print(json.dumps(report, indent=1, ensure_ascii=False) if given.json else _lines(report))
    return 0


def _difference(before: Path, trees: Any) -> dict[str, Any]:
    """The difference to an earlier import: how many, and up to ten keys of each."""
    import pandas as pd

    from irrigation.errors import CadastreError
    from irrigation.trees.cadastre_diff import compare

    if not before.exists():
        raise CadastreError(f"{before} does not exist; give the trees.parquet of an earlier import")
    found = compare(pd.read_parquet(before), trees)
    lists: dict[str, list[Any]] = {
        "added": found.added,
        "removed": found.removed,
        "renumbered": list(found.renumbered),
        "moved": list(found.moved),
    }
    lists.update({f"changed {field}": list(keys) for field, keys in found.changed.items()})
    return {name: {"count": len(keys), "first": keys[:10]} for name, keys in lists.items()}


def _weather(given: argparse.Namespace) -> int:
    from irrigation.feeds import weather

    found = weather.read(given.file)
    driver = weather.drive(found, latitude_deg=given.latitude_deg, elevation_m=given.elevation_m)
    report = weather.summary(found, driver, on=datetime.now(UTC).date())
    if given.json:
        print(json.dumps(report, indent=1))
    else:
        print("\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in report.items()))
    return 0


def _evaluate(given: argparse.Namespace) -> int:
    from irrigation.evaluation import evaluate
    from irrigation.evaluation.crossval import Plan
    from irrigation.model import released, stations

    release = released.newest() if given.model is None else released.read(given.model)
    found = released.measure(stations.read(given.stations), Plan(), release)
    report = {"file": given.stations.name} | found
    print(json.dumps(report, indent=1) if given.json else "\n".join(evaluate.table(report)))
    return 0


def _energy(given: argparse.Namespace) -> int:
    from irrigation.evaluation import energy
    from irrigation.model import released, stations

    release = released.newest() if given.model is None else released.read(given.model)
    if release is None:
        raise ModelError("no soil model is installed; name its folder with --model")
    found = energy.measure(release, stations.read(given.stations), stated_w=given.power_w)
    energy.write(release, found)
    print(json.dumps(found, indent=1))
    return 0


def _train(given: argparse.Namespace) -> int:
    import hashlib

    from irrigation.evaluation import card, evaluate
    from irrigation.evaluation.crossval import Plan
    from irrigation.model import released, stations

    panel = stations.read(given.stations)
    report = {"file": given.stations.name} | evaluate.run(panel, Plan())
    folder = given.out / f"soil-{given.version}"
    folder.mkdir(parents=True, exist_ok=True)
    trained = released.train(panel, Plan(), folder)
    sha256 = hashlib.sha256(given.stations.read_bytes()).hexdigest()
    content = card.build(
        name="soil",
        version=given.version,
        trained=trained,
        stations={"file": given.stations.name, "sha256": sha256},
        report=report,
    )
    (folder / "card.json").write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    (folder / "card.md").write_text(card.render(content))
    print(folder)
    return 0


def _lines(report: dict[str, Any]) -> str:
    lines = [f"{report['city']}: {report['rows']} rows, {report['kinds']}"]
    lines += [f"{item['count']:>8}  {reason}" for reason, item in report["findings"].items()]
    for name, item in report.get("difference", {}).items():
        lines.append(f"{item['count']:>8}  {name}")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
