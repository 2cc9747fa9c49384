"""Room on the road: finds places along the truck's way where something may lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray

from simulator.route import STEP_M, Path

CURVE_MARGIN_M = 4.0  # nothing is laid nearer to a turn
APART_M = 9.5  # two damages of a class: nearer ones may be one damage to the city (8 m)
ANYWHERE = (0.0, 1.0)
ATTEMPTS = 4000


class Spot(TypedDict):
    """Where a stamp is laid, in metres from the market."""

    x_m: float
    y_m: float
    heading_deg: float


class Size(TypedDict):
    """How much room it takes along and across the street."""

    length_m: float
    width_m: float


@dataclass(slots=True)
class Room:
    """What is still free; everything claimed keeps its distance from the rest."""

    path: Path
    rng: np.random.Generator
    claims: list[tuple[float, float, Size]] = field(default_factory=list)
    of_kind: dict[str, list[float]] = field(default_factory=dict)

    def claim(
        self,
        size: Size,
        *,
        low_m: float,
        high_m: float,
        kind: str = "",
        within: tuple[float, float] = ANYWHERE,
    ) -> Spot:
        """Take a free place between `low_m` and `high_m` right of the lane.

        `within` bounds it to a share of the drive's straights; places of one `kind` lie
        `APART_M` apart. Raises ValueError when the street is full.
        """
        for _ in range(ATTEMPTS):
            along_m, right_m = self._anywhere(low_m, high_m, within)
            near_kind = any(abs(along_m - other) < APART_M for other in self.of_kind.get(kind, []))
            if not near_kind and not self._is_taken(along_m, right_m, size):
                self.claims.append((along_m, right_m, size))
                if kind:
                    self.of_kind.setdefault(kind, []).append(along_m)
                return self._spot(along_m, right_m)
        raise ValueError(f"no room left for {kind or 'another thing'}: place fewer on the drive")

    def anywhere(self, *, low_m: float, high_m: float) -> Spot:
        """Return a place without asking what lies there: for paint, patches and shade."""
        return self._spot(*self._anywhere(low_m, high_m, ANYWHERE))

    def _anywhere(
        self, low_m: float, high_m: float, within: tuple[float, float]
    ) -> tuple[float, float]:
        straight = _straights(self.path)
        first, last = (int(share * (len(straight) - 1)) for share in within)
        step = int(straight[int(self.rng.integers(first, last + 1))])
        return step * STEP_M, float(self.rng.uniform(low_m, high_m))

    def _is_taken(self, along_m: float, right_m: float, size: Size) -> bool:
        return any(
            abs(along_m - along) < (size["length_m"] + other["length_m"]) / 2 + 0.4
            and abs(right_m - right) < (size["width_m"] + other["width_m"]) / 2 + 0.25
            for along, right, other in self.claims
        )

    def _spot(self, along_m: float, right_m: float) -> Spot:
        pose = self.path.pose(along_m)
        east, north = np.sin(np.radians(pose.heading_deg)), np.cos(np.radians(pose.heading_deg))
        return {
            "x_m": float(pose.x_m + right_m * north),
            "y_m": float(pose.y_m - right_m * east),
            "heading_deg": pose.heading_deg,
        }


def _straights(path: Path) -> NDArray[np.int64]:
    """Return the steps of the path that are far enough from its turns and its ends."""
    margin = int(CURVE_MARGIN_M / STEP_M)
    bent = np.convolve(path.curved.astype(float), np.ones(2 * margin + 1), mode="same") > 0.5
    usable = ~bent
    usable[: int(8 / STEP_M)] = False  # under the truck before it starts
    usable[-int(2 / STEP_M) :] = False
    return np.asarray(np.flatnonzero(usable), np.int64)
