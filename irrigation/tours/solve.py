"""The tours of a day: VROOM first, OR-tools beside it and on top of it, the best one checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from irrigation.tours import by_ortools, by_vroom
from irrigation.tours.check import faults
from irrigation.tours.parts import why_left, without_unreachable
from irrigation.tours.problem import Problem, Solution, Unserved, score

Progress = Callable[[float], None]
MOST_STOPS_COLD = 150  # beyond it OR-tools' own start never won in tests/bench: time better spent


class TourFaultError(RuntimeError):
    """The program made a tour that its own check refuses; nothing is stored."""


@dataclass(frozen=True, slots=True)
class Tours:
    """What is stored: checked routes, the problem they solve, and why each tree was left out."""

    problem: Problem  # without the trees nobody reaches
    solution: Solution
    unserved: dict[str, Unserved]


def solve(problem: Problem, *, limit_s: float, progress: Progress) -> Tours:
    """Find tours within about `limit_s` seconds and say which trees are on none.

    Raises TourFaultError for a solution that the independent check refuses.
    """
    reachable, unserved = without_unreachable(problem)
    if not reachable.stops or not reachable.vehicles:
        return Tours(reachable, Solution((), (), "none"), unserved)
    candidates = [by_vroom.solve(reachable, limit_s=0.3 * limit_s)]
    progress(0.3)
    is_small = len(reachable.stops) <= MOST_STOPS_COLD
    if is_small:
        candidates.append(by_ortools.solve(reachable, limit_s=0.2 * limit_s))
        progress(0.5)
    best = min(candidates, key=lambda one: score(reachable, one))
    left_s = (0.4 if is_small else 0.6) * limit_s
    candidates.append(by_ortools.solve(reachable, limit_s=left_s, start=best))
    progress(0.9)
    best = min(candidates, key=lambda one: score(reachable, one))
    if wrong := faults(reachable, best):
        raise TourFaultError(f"{len(wrong)} faults in tours by {best.solver}: {wrong[:3]}")
    return Tours(reachable, best, unserved | why_left(reachable, best))
