"""Before the tours: demands larger than a tank in parts, trees nobody can reach by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

from irrigation.tours.problem import NO_WAY_S, Problem, Solution, Stop, Unserved


@dataclass(frozen=True, slots=True)
class Asked:
    """A tree of the plan at its place."""

    tree_id: str
    place: int
    litres: int
    is_urgent: bool
    off_street_m: float


@dataclass(frozen=True, slots=True)
class Handling:
    """How the crew works at a tree; settings of a city."""

    minutes_per_stop: float = 6.0
    flow_l_min: float = 60.0
    farthest_off_street_m: float = 150.0  # a guess: beyond it no hose and no can reaches
    walking_m_min: float = 60.0  # a guess

    def service_s(self, litres: float, *, off_street_m: float) -> int:
        """Seconds at a tree, with the way from the street and back."""
        walk_min = 2 * off_street_m / self.walking_m_min
        return round(60 * (self.minutes_per_stop + litres / self.flow_l_min + walk_min))


WEIGHT_URGENT, WEIGHT_OTHER = 10, 4


def stops_of(
    asked: Sequence[Asked], *, largest_tank_l: int | None, handling: Handling
) -> tuple[list[Stop], dict[str, Unserved]]:
    """Make stops; a demand above the largest tank becomes equal parts of it.

    Returns the stops and the trees that can be none, with the reason.
    """
    stops: list[Stop] = []
    unserved: dict[str, Unserved] = {}
    for tree in asked:
        if largest_tank_l is None:
            unserved[tree.tree_id] = Unserved.NO_VEHICLE
            continue
        if tree.off_street_m > handling.farthest_off_street_m:
            unserved[tree.tree_id] = Unserved.NO_STREET
            continue
        parts = max(1, ceil(tree.litres / largest_tank_l))
        for part in range(1, parts + 1):
            litres = tree.litres * part // parts - tree.litres * (part - 1) // parts
            stops.append(
                Stop(
                    tree_id=tree.tree_id,
                    place=tree.place,
                    litres=litres,
                    service_s=handling.service_s(litres, off_street_m=tree.off_street_m),
                    weight=WEIGHT_URGENT if tree.is_urgent else WEIGHT_OTHER,
                    part=part,
                    parts=parts,
                )
            )
    return stops, unserved


def without_unreachable(problem: Problem) -> tuple[Problem, dict[str, Unserved]]:
    """Take out the trees that no vehicle reaches on the street graph and returns from."""
    kept: list[Stop] = []
    unserved: dict[str, Unserved] = {}
    for stop in problem.stops:
        ways = [
            problem.drive_s(one.start, stop.place) + problem.drive_s(stop.place, one.end)
            for one in problem.vehicles
        ]
        if min(ways, default=NO_WAY_S) < NO_WAY_S:
            kept.append(stop)
        else:
            unserved[stop.tree_id] = Unserved.NOT_REACHABLE
    return (
        Problem(tuple(kept), problem.vehicles, problem.refills, problem.travel_s),
        unserved,
    )


def why_left(problem: Problem, solution: Solution) -> dict[str, Unserved]:
    """Give each tree the tours left out its reason."""
    served = {
        problem.stops[visit.stop].tree_id
        for route in solution.routes
        for visit in route.visits
        if visit.stop is not None
    }
    reasons: dict[str, Unserved] = {}
    for number in solution.left:
        stop = problem.stops[number]
        reasons[stop.tree_id] = Unserved.PARTLY if stop.tree_id in served else _why(problem, stop)
    return reasons


def _why(problem: Problem, stop: Stop) -> Unserved:
    """Look at the tree alone: would any vehicle manage it in its shift?"""
    alone_s = []
    for one in problem.vehicles:
        drive_s = problem.drive_s(one.start, stop.place) + problem.drive_s(stop.place, one.end)
        if drive_s + stop.service_s <= one.works_s and stop.litres <= one.tank_l:
            alone_s.append(drive_s)
    if not alone_s:
        return Unserved.TOO_FAR
    carried_l = sum(one.water_l for one in problem.vehicles)
    asked_l = sum(one.litres for one in problem.stops)
    return Unserved.NO_REFILL if not problem.refills and asked_l > carried_l else Unserved.NO_HOURS
