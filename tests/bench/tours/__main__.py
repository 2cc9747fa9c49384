"""Solve the same days by VROOM, by OR-tools and by both; print one JSON object.

`--limit-s` is what the product allows itself (API_TOUR_S); each solver alone gets the same time.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections.abc import Callable
from typing import Any

from irrigation.tours import by_ortools, by_vroom
from irrigation.tours.check import faults
from irrigation.tours.problem import Problem, Solution, score
from irrigation.tours.solve import solve
from tests.irrigation.tours.cases import day

CASES: dict[str, dict[str, Any]] = {
    "40 stops, one 1,400 L tank": {"trees": 40, "tanks_l": (1400,)},
    "150 stops, 1,400 and 12,000 L": {"trees": 150},
    "300 stops, four 1,400 L, two 12,000 L": {
        "trees": 300,
        "tanks_l": (1400, 1400, 1400, 1400, 12_000, 12_000),
    },
    "300 stops, too few hours": {"trees": 300},
}


def main() -> None:
    """Measure every day, or the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit-s", type=float, default=45.0)
    parser.add_argument("--case", choices=list(CASES), help="only this day")
    given = parser.parse_args()
    wanted = {name: about for name, about in CASES.items() if given.case in (None, name)}
    measured = {name: _measure(day(**about), given.limit_s) for name, about in wanted.items()}
    print(json.dumps({"limit_s": given.limit_s, "threads": 2, "days": measured}))


def _measure(problem: Problem, limit_s: float) -> dict[str, Any]:
    def product() -> Solution:
        return solve(problem, limit_s=limit_s, progress=lambda _share: None).solution

    ways: dict[str, Callable[[], Solution]] = {
        "vroom": lambda: by_vroom.solve(problem, limit_s=limit_s),
        "ortools": lambda: by_ortools.solve(problem, limit_s=limit_s),
        "product": product,
    }
    measured: dict[str, Any] = {name: _one(problem, way) for name, way in ways.items()}
    measured["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return measured


def _one(problem: Problem, way: Callable[[], Solution]) -> dict[str, Any]:
    started = time.monotonic()
    solution = way()
    took_s = time.monotonic() - started
    missed, work_s = score(problem, solution)
    return {
        "wall_s": round(took_s, 1),
        "served": len(problem.stops) - len(solution.left),
        "weight_left_out": missed,
        "working_h": round(work_s / 3600, 2),
        "refills": sum(v.kind == "refill" for r in solution.routes for v in r.visits),
        "faults": len(faults(problem, solution)),
        "solver": solution.solver,
    }


if __name__ == "__main__":
    main()
