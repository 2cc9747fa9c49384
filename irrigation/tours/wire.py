"""A day's tours as messages: what the worker process gets on its input and gives on its output."""

from __future__ import annotations

import msgspec

Spot = tuple[float, float]  # metres in the city's CRS


class Tree(msgspec.Struct, frozen=True, kw_only=True):
    """A tree of the approved plan."""

    tree_id: str
    spot: Spot | None  # None: the register has no position
    litres: int
    is_urgent: bool


class Crew(msgspec.Struct, frozen=True, kw_only=True):
    """A vehicle where it stands, with the shift that is left."""

    vehicle_id: str
    tank_l: int
    water_l: int
    start: Spot
    end: Spot
    begins_s: int
    ends_s: int


class Hydrant(msgspec.Struct, frozen=True, kw_only=True):
    """A refill point."""

    name: str
    spot: Spot
    flow_l_min: float
    setup_s: int


class Way(msgspec.Struct, frozen=True, kw_only=True):
    """A street segment."""

    line: list[Spot]
    speed_kmh: float


class DayRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the tours of a day need."""

    trees: list[Tree]
    crews: list[Crew]
    hydrants: list[Hydrant]
    ways: list[Way]
    handling: dict[str, float]
    crow_factor: float
    crow_speed_kmh: float
    break_s: int
    limit_s: float


class TourStop(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a tour."""

    kind: str
    spot: Spot
    litres: int
    arrives_s: int
    leaves_s: int
    break_s: int = 0  # within the stay
    tree_id: str | None = None
    part: int = 1
    parts: int = 1
    name: str = ""


class Tour(msgspec.Struct, frozen=True, kw_only=True):
    """One vehicle's tour."""

    vehicle_id: str
    begins_full_l: int
    litres: int
    length_m: float
    stops: list[TourStop]
    line: list[Spot]


class DayAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """The tours, and the trees on none with the reason's name."""

    driving_times: str
    solver: str
    tours: list[Tour]
    unserved: dict[str, str]


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the worker's output: progress, and at last the answer."""

    progress: float
    answer: DayAnswer | None = None
