"""The truck's drive: lane, turns, speed, a stop, and what its GPS receiver believes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simulator.camera import Pose

Numbers = NDArray[np.float64]

LANE_M = 1.6  # the truck keeps this far right of the middle
STEP_M = 0.05
CORNERS = (
    (-186.0, 590.0),  # Schillerstraße, going east
    (-110.0, 590.0),  # right into Kastanienallee
    (-110.0, 490.0),  # left into Goethestraße
    (125.0, 490.0),  # past Magdeburger Straße, right into Mozartstraße
    (125.0, 448.0),
)
TURN_RADII_M = (7.0, 10.0, 7.0)
STOP_X_M = -10.0  # stop line before Magdeburger Straße
CRUISE_MPS, TURN_MPS, ACCELERATION_MPS2 = 6.2, 3.4, 0.9
STOP_S = 5.0
TICK_S = 0.05


@dataclass(frozen=True, slots=True)
class Path:
    """The lane as points every 5 cm, of the GPS antenna."""

    x_m: Numbers
    y_m: Numbers
    heading_deg: Numbers
    curved: NDArray[np.bool_]

    def pose(self, along_m: float) -> Pose:
        """Return the pose after `along_m` metres."""
        i = min(round(along_m / STEP_M), len(self.x_m) - 1)
        return Pose(float(self.x_m[i]), float(self.y_m[i]), float(self.heading_deg[i]))


def lane() -> Path:
    """Draw the lane: the corners moved to the right, joined by arcs."""
    corners = np.array(CORNERS)
    legs = np.diff(corners, axis=0)
    legs /= np.hypot(*legs.T)[:, None]
    right = np.stack([legs[:, 1], -legs[:, 0]], axis=1) * LANE_M
    turns = [corners[0] + right[0]]
    turns += [
        corners[i + 1] + right[i] + right[i + 1] for i in range(len(legs) - 1)
    ]  # right angles
    turns.append(corners[-1] + right[-1])
    pieces, curved = [], []
    at = turns[0]
    for i, radius in enumerate(TURN_RADII_M):
        start, end = turns[i + 1] - legs[i] * radius, turns[i + 1] + legs[i + 1] * radius
        pieces += [_straight(at, start), _arc(turns[i + 1], legs[i], legs[i + 1], radius)]
        curved += [np.zeros(len(pieces[-2]), bool), np.ones(len(pieces[-1]), bool)]
        at = end
    pieces.append(_straight(at, turns[-1]))
    curved.append(np.zeros(len(pieces[-1]), bool))
    points = _evenly(np.concatenate(pieces))
    steps = np.gradient(points, axis=0)
    heading = np.degrees(np.arctan2(steps[:, 0], steps[:, 1])) % 360
    share = np.linspace(0, 1, len(points))
    old = np.linspace(0, 1, sum(len(c) for c in curved))
    bent = np.interp(share, old, np.concatenate(curved).astype(float)) > 0.5
    return Path(points[:, 0], points[:, 1], heading, bent)


def distances(path: Path) -> Numbers:
    """Return metres driven at each tick, slowing down for turns and for the stop."""
    count = len(path.x_m)
    limit = np.where(path.curved, TURN_MPS, CRUISE_MPS)
    stop = int(np.argmin(np.abs(path.x_m - STOP_X_M) + np.abs(path.y_m - CORNERS[2][1] + LANE_M)))
    limit[stop] = 0.35
    limit[0] = 2.0
    for order in (range(1, count), range(count - 2, -1, -1)):
        for i in order:
            j = i - 1 if order.step == 1 else i + 1
            limit[i] = min(limit[i], np.sqrt(limit[j] ** 2 + 2 * ACCELERATION_MPS2 * STEP_M))
    driven, at, waited = [], 0.0, 0.0
    while at < (count - 2) * STEP_M:
        i = int(at / STEP_M)
        if i == stop and waited < STOP_S:
            waited += TICK_S
        else:
            at += float(limit[i]) * TICK_S
        driven.append(at)
    return np.array(driven)


def gps_error(rng: np.random.Generator, *, seconds: int) -> Numbers:
    """Return the error of each 1 Hz fix `(seconds, 2)` in metres east and north.

    Most of it drifts slowly (first-order Gauss-Markov, deviation 1.9 m, 25 s), as a
    receiver's filter leaves it; the rest is 0.4 m of noise from fix to fix.
    """
    keep = float(np.exp(-1 / 25))
    drift = rng.normal(0, 1.9, 2)
    errors = []
    for _ in range(seconds):
        drift = keep * drift + rng.normal(0, 1.9 * float(np.sqrt(1 - keep**2)), 2)
        errors.append(drift + rng.normal(0, 0.4, 2))
    return np.array(errors)


def _straight(start: Numbers, end: Numbers) -> Numbers:
    count = max(int(np.hypot(*(end - start)) / STEP_M), 1)
    return start + (end - start) * np.linspace(0, 1, count, endpoint=False)[:, None]


def _arc(corner: Numbers, arriving: Numbers, leaving: Numbers, radius_m: float) -> Numbers:
    centre = corner - arriving * radius_m + leaving * radius_m
    angles = np.linspace(0, np.pi / 2, int(radius_m * np.pi / 2 / STEP_M), endpoint=False)[:, None]
    return centre - leaving * radius_m * np.cos(angles) + arriving * radius_m * np.sin(angles)


def _evenly(points: Numbers) -> Numbers:
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])
    even = np.arange(0, along[-1], STEP_M)
    return np.stack([np.interp(even, along, points[:, k]) for k in (0, 1)], axis=1)
