"""Mend a camera's pitch and height from damages seen several times along an odometer. Pure.

A damage does not move: seen from here and 5 m further on, it must lie on one spot of the road.
Where the far views land beyond the near ones, the pitch is too small; where the steps come out too
long or too short, the height is wrong. The focal length cannot be told from this and stays.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from vision.runtime.ground import Camera, spot_of

ROUNDS = 30
CLEAR_M = 1.0  # beyond it a deviation counts less: an odometer skips, a damage is mistaken
FEWEST = 8  # pairs of views; a choice, two unknowns need some more than two
SEEN_M = 200.0  # views are not limited here by what a truck trusts


@dataclass(frozen=True, slots=True)
class View:
    """One look at a damage: how far the vehicle was, and one pixel of the damage."""

    odometer_m: float
    x_px: float
    y_px: float


@dataclass(frozen=True, slots=True)
class Refined:
    """The mended camera; errors are 68 %."""

    camera: Camera
    pairs: int
    pitch_error_deg: float
    height_error_m: float


def along_m(camera: Camera, view: View) -> float:
    """Return where along the road the view puts its damage; nan above the horizon."""
    spot = spot_of(camera, x_px=view.x_px, y_px=view.y_px, furthest_m=SEEN_M)
    return math.nan if spot is None else view.odometer_m + spot.ahead_m


def refine(camera: Camera, damages: Sequence[Sequence[View]]) -> Refined:
    """Fit pitch and height so that each damage's views fall together.

    Gauss-Newton on the differences to each damage's last view, with Huber's weights.
    Raises ValueError for fewer than `FEWEST` differences.
    """
    pairs = sum(len(views) - 1 for views in damages if views)
    if pairs < FEWEST:
        raise ValueError(f"{pairs} pairs of views: at least {FEWEST} are needed to mend a camera")
    values = np.array([camera.pitch_deg, camera.height_m])
    for _ in range(ROUNDS):
        residual = _apart_m(_with(camera, values), damages)
        slopes = _slopes(camera, values, damages)
        known = np.isfinite(residual) & np.isfinite(slopes).all(axis=1)
        weight = np.minimum(1.0, CLEAR_M / np.maximum(np.abs(residual[known]), 1e-9))
        weighed = slopes[known] * weight[:, None]
        step = np.linalg.lstsq(weighed.T @ slopes[known], -weighed.T @ residual[known], rcond=None)[
            0
        ]
        values = values + np.clip(step, [-1.0, -0.3], [1.0, 0.3])
        if np.abs(step).max() < 1e-6:
            break
    spread_m2 = float((weight * residual[known] ** 2).sum()) / max(int(known.sum()) - 2, 1)
    errors = np.sqrt(np.diag(np.linalg.pinv(weighed.T @ slopes[known])) * spread_m2)
    return Refined(_with(camera, values), int(known.sum()), float(errors[0]), float(errors[1]))


def _with(camera: Camera, values: NDArray[np.float64]) -> Camera:
    return replace(camera, pitch_deg=float(values[0]), height_m=float(values[1]))


def _apart_m(camera: Camera, damages: Sequence[Sequence[View]]) -> NDArray[np.float64]:
    """Return for each view but the last how far it lands from the last, `(n,)`."""
    return np.array(
        [
            along_m(camera, view) - along_m(camera, views[-1])
            for views in damages
            for view in views[:-1]
        ]
    )


def _slopes(
    camera: Camera, values: NDArray[np.float64], damages: Sequence[Sequence[View]]
) -> NDArray[np.float64]:
    """Return the differences' derivative by pitch and height, `(n, 2)`."""
    columns = []
    for index in range(2):
        small = np.zeros(2)
        small[index] = 1e-4
        above = _apart_m(_with(camera, values + small), damages)
        below = _apart_m(_with(camera, values - small), damages)
        columns.append((above - below) / 2e-4)
    return np.column_stack(columns)
