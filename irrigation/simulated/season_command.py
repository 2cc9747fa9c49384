"""The verb `season`: litres and stress days of a simulated summer, policy beside policy."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

SAMPLE = Path(__file__).parents[2] / "datasets" / "musterstadt"


def add(verbs: Any) -> None:
    """Add the verb to the command's parser."""
    season = verbs.add_parser("season", help="a simulated summer: litres and stress by policy")
    season.add_argument("--city", type=Path, default=SAMPLE, help="city folder with trees.csv")
    season.add_argument("--seeds", type=int, default=6, help="how many summers")
    season.add_argument("--vehicles", type=int, default=2, help="crews on the road")
    season.add_argument("--json", action="store_true", help="print JSON instead of lines")
    season.set_defaults(run=_season)


def _season(given: argparse.Namespace) -> int:
    from irrigation.errors import IrrigationError
    from irrigation.simulated.season import compare

    if given.seeds < 1 or given.vehicles < 1:
        raise IrrigationError("--seeds and --vehicles must be at least 1")
    report = compare(given.city, seeds=range(1, given.seeds + 1), vehicles=given.vehicles)
    text = json.dumps(report, indent=1) if given.json else "\n".join(_lines(report))
    sys.stdout.write(text + "\n")
    return 0


def _lines(report: dict[str, Any]) -> list[str]:
    lines = [
        f"SIMULATED: {report['trees_in_care']} trees in care, {report['sensors']} sensors, "
        f"{len(report['seeds'])} summers of {report['days']} days",
        f"{'policy':<30}{'L per tree':>22}{'stress days per tree':>26}",
    ]
    for name, figures in report["policies"].items():
        litres, stress = figures["litres_per_tree"], figures["stress_days_per_tree"]
        lines.append(f"{name:<30}{_span(litres, 0):>22}{_span(stress, 1):>26}")
    for name, said in report["verdict"].items():
        words = "met" if said["met"] else "not met"
        lines.append(f"less stress at no more water than the calendar, {name}: {words}")
    return lines


def _span(value: dict[str, float], digits: int) -> str:
    return f"{value['mean']:.{digits}f} ({value['low']:.{digits}f} to {value['high']:.{digits}f})"
