"""Cut the drawn streets where they meet, and give every piece its district."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulator.plan import DISTRICTS, STREETS, Line, Street

TOUCH_M = 6.0  # an end this near to another street meets it


@dataclass(frozen=True, slots=True)
class Segment:
    """A street between two junctions."""

    segment_id: str
    name: str
    road_class: str
    district_id: str
    line: Line


def segments() -> list[Segment]:
    """Return the street network of Musterstadt, ordered by street and then along it."""
    found: list[Segment] = []
    for street in STREETS:
        for line in _cut(street):
            district_id = district_of(*_midpoint(line))
            segment_id = f"ms-{len(found) + 1:03d}"
            found.append(Segment(segment_id, street.name, street.road_class, district_id, line))
    return found


def district_of(x_m: float, y_m: float) -> str:
    """Return the district of a place; the last one drawn where none contains it."""
    for district_id, (_, ring) in DISTRICTS.items():
        if _inside(ring, x_m, y_m):
            return district_id
    return list(DISTRICTS)[-1]


def _cut(street: Street) -> list[Line]:
    """Split one street at every junction with another."""
    cuts = sorted({round(s, 2) for other in STREETS for s in _meetings(street, other)})
    points = np.array(street.line, float)
    along = _along(points)
    cuts = [s for s in cuts if TOUCH_M < s < along[-1] - TOUCH_M]
    cuts = [s for i, s in enumerate(cuts) if i == 0 or s - cuts[i - 1] > TOUCH_M]
    return [_between(points, along, a, b) for a, b in pairwise([0.0, *cuts, float(along[-1])])]


def _meetings(street: Street, other: Street) -> list[float]:
    """Return the distances along `street` where `other` crosses it or ends on it."""
    if street is other:
        return []
    points = np.array(street.line, float)
    along = _along(points)
    found = []
    for i, (a, b) in enumerate(pairwise(points)):
        length = float(np.hypot(*(b - a)))
        for c, d in pairwise(np.array(other.line, float)):
            share = _crossing(a, b, c, d)
            if share is not None:
                found.append(float(along[i]) + share * length)
        for end in (other.line[0], other.line[-1]):
            share = float(np.clip((np.array(end) - a) @ (b - a) / length**2, 0, 1))
            if np.hypot(*(a + share * (b - a) - end)) < TOUCH_M:
                found.append(float(along[i]) + share * length)
    return found


def _crossing(
    a: NDArray[np.float64], b: NDArray[np.float64], c: NDArray[np.float64], d: NDArray[np.float64]
) -> float | None:
    """Return where on a-b (0..1) the stretch c-d crosses it."""
    u, v, w = b - a, d - c, c - a
    cross = float(u[0] * v[1] - u[1] * v[0])
    if abs(cross) < 1e-9:
        return None
    share = float(w[0] * v[1] - w[1] * v[0]) / cross
    there = float(w[0] * u[1] - w[1] * u[0]) / cross
    return share if 0 <= share <= 1 and 0 <= there <= 1 else None


def _along(points: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.concatenate([[0.0], np.cumsum(steps)])


def _between(
    points: NDArray[np.float64], along: NDArray[np.float64], start_m: float, end_m: float
) -> Line:
    inner = points[(along > start_m + 0.5) & (along < end_m - 0.5)]
    ends = [[np.interp(s, along, points[:, k]) for k in (0, 1)] for s in (start_m, end_m)]
    chain = [ends[0], *inner.tolist(), ends[1]]
    return [(float(x), float(y)) for x, y in chain]


def _midpoint(line: Line) -> tuple[float, float]:
    points = np.array(line, float)
    along = _along(points)
    half = float(along[-1]) / 2
    return float(np.interp(half, along, points[:, 0])), float(np.interp(half, along, points[:, 1]))


def _inside(ring: Line, x_m: float, y_m: float) -> bool:
    inside = False
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        if (y1 > y_m) != (y2 > y_m) and x_m < x1 + (y_m - y1) * (x2 - x1) / (y2 - y1):
            inside = not inside
    return inside
