"""One drive as the truck records it, and as it truly was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np

from simulator.camera import Camera, Pose
from simulator.route import TICK_S, Path, distances, gps_error, lane
from simulator.scene import Scene, build

START = datetime(2026, 10, 14, 10, 20, 0, tzinfo=UTC)
FIRST_FRAME_S, FRAME_EVERY_S = 0.4, 1.0
FIRST_FIX_S = 2.0  # the receiver wakes up after the camera: the first frames have no place
GAP_S = (69.0, 75.0)  # no fixes: trees over Goethestraße
NOD_DEG = 0.2  # deviation of the truck's nodding, a guess


@dataclass(frozen=True, slots=True)
class Shot:
    """A frame with its true pose."""

    name: str
    captured_at: datetime
    pose: Pose
    speed_mps: float


@dataclass(frozen=True, slots=True)
class Fix:
    """What the GPS receiver said, in metres from the market."""

    at: datetime
    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class Drive:
    """Everything that a drive folder is written from."""

    camera: Camera
    shots: list[Shot]
    fixes: list[Fix]
    scene: Scene


@cache
def record(*, seed: int) -> Drive:
    """Drive once through the town; the same drive for the same seed, so it is computed once."""
    path = lane()
    driven = distances(path)
    rng = np.random.default_rng([seed, 3])
    shots = _shots(path, driven, rng)
    return Drive(Camera(), shots, _fixes(path, driven, rng), build(path, seed=seed))


def _shots(
    path: Path, driven: np.ndarray[tuple[int], np.dtype[np.float64]], rng: np.random.Generator
) -> list[Shot]:
    found = []
    for number, at_s in enumerate(np.arange(FIRST_FRAME_S, len(driven) * TICK_S, FRAME_EVERY_S)):
        tick = round(float(at_s) / TICK_S)
        if tick + 1 >= len(driven):
            break
        pose = replace(path.pose(float(driven[tick])), pitch_deg=float(rng.normal(0, NOD_DEG)))
        speed = float(driven[tick + 1] - driven[tick]) / TICK_S
        at = START + timedelta(seconds=round(float(at_s), 3))
        found.append(Shot(f"musterstadt_{number + 1:04d}.jpg", at, pose, speed))
    return found


def _fixes(
    path: Path, driven: np.ndarray[tuple[int], np.dtype[np.float64]], rng: np.random.Generator
) -> list[Fix]:
    seconds = int(len(driven) * TICK_S)
    errors = gps_error(rng, seconds=seconds)
    found = []
    for second in range(seconds):
        if second < FIRST_FIX_S or GAP_S[0] < second < GAP_S[1]:
            continue
        pose = path.pose(float(driven[round(second / TICK_S)]))
        x, y = pose.x_m + float(errors[second, 0]), pose.y_m + float(errors[second, 1])
        found.append(Fix(START + timedelta(seconds=second), x, y))
    return found
