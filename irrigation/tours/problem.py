"""What a tour has to solve and what comes out: plain values, seconds of the working day, litres.

Places are numbers into one table of driving times; nothing here knows a map.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
NO_WAY_S = 10**7  # longer than any day: no street leads there
Step = tuple[str, int]  # ("tree", number of the stop) or ("refill", number of the refill point)


class Unserved(Enum):
    """Why a tree of the plan is on no tour."""

    NOT_REACHABLE = "not reachable"  # no way on the street graph
    NO_POSITION = "no position"  # the register does not say where it stands
    NO_STREET = "no street"  # too far from any street for a hose
    NO_VEHICLE = "no vehicle"  # none works that day
    TOO_FAR = "too far"  # even alone it takes longer than the shift
    NO_REFILL = "no refill"  # the tanks are empty and there is nowhere to fill them
    NO_HOURS = "no hours"  # the crews' time is used up
    PARTLY = "partly"  # only some parts of a demand larger than the tank


@dataclass(frozen=True, slots=True)
class Stop:
    """Water for one tree, or a part of it where the demand exceeds the largest tank."""

    tree_id: str
    place: int
    litres: int
    service_s: int  # stop, unroll, give, roll up
    weight: int  # 1..100: how bad it is to leave it out
    part: int = 1
    parts: int = 1


@dataclass(frozen=True, slots=True)
class Refill:
    """A place to fill the tank."""

    name: str
    place: int
    flow_l_min: float
    setup_s: int

    def fill_s(self, litres: float) -> int:
        """Seconds to fill so many litres."""
        return self.setup_s + round(litres / self.flow_l_min * 60)


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle and its crew's shift; in the middle of a day it starts where it stands."""

    vehicle_id: str
    tank_l: int
    water_l: int  # in the tank at the start
    start: int  # place
    end: int  # place: the depot
    begins_s: int  # of the working day
    ends_s: int

    @property
    def works_s(self) -> int:
        """Length of what is left of the shift."""
        return self.ends_s - self.begins_s


@dataclass(frozen=True, slots=True)
class Problem:
    """Stops, vehicles, refill points and the driving times `(places, places)` between them."""

    stops: tuple[Stop, ...]
    vehicles: tuple[Vehicle, ...]
    refills: tuple[Refill, ...]
    travel_s: Seconds

    def drive_s(self, start: int, end: int) -> int:
        """Seconds from place to place."""
        return int(self.travel_s[start, end])


@dataclass(frozen=True, slots=True)
class Visit:
    """One line of a tour: litres given at a tree, or filled at a refill point."""

    kind: str  # "depot" | "refill" | "tree"
    place: int
    arrives_s: int
    leaves_s: int
    litres: int
    stop: int | None = None  # number of the stop
    refill: int | None = None  # number of the refill point


@dataclass(frozen=True, slots=True)
class Route:
    """The visits of one vehicle, from its start to the depot."""

    vehicle: int
    visits: tuple[Visit, ...]

    @property
    def drives_s(self) -> int:
        """Seconds from start to depot."""
        return self.visits[-1].arrives_s - self.visits[0].leaves_s


@dataclass(frozen=True, slots=True)
class Solution:
    """Routes of the vehicles that leave the depot, and the stops on none of them."""

    routes: tuple[Route, ...]
    left: tuple[int, ...]  # numbers of stops
    solver: str


def score(problem: Problem, solution: Solution) -> tuple[int, int]:
    """Compare solutions, smaller is better: weight left out first, then working seconds."""
    missed = sum(problem.stops[number].weight for number in solution.left)
    return missed, sum(route.drives_s for route in solution.routes)
