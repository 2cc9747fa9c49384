"""Mend a camera's pitch and height from damages seen several times along an odometer. Pure.

A damage does not move: seen from here and 5 m further on, it must lie on one spot of the road.
Where the far views land beyond the near ones, the pitch is too small; where the steps come out too
long or too short, the height is wrong. The focal length cannot be told from this and stays.

Pitch and height are hard to tell apart over a few metres of road; a height known from the wizard or
a tape measure (`height_error_m`) is weighed in. The pitch is not: a knock changes it.
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
LEAST_NOISE_M = 0.05  # of one pair; nothing on a road is placed better


@dataclass(frozen=True, slots=True)
class View:
    """One look at a damage: how far the vehicle was, and one pixel of the damage."""

    odometer_m: float
    x_px: float
    y_px: float
    is_upper: bool = False  # upper edge of its box; edges are compared with their like only


@dataclass(frozen=True, slots=True)
class Refined:
    """The mended camera; errors are 68 %, from how the damages differ among each other."""

    camera: Camera
    pairs: int
    pitch_error_deg: float
    height_error_m: float


def along_m(camera: Camera, view: View) -> float:
    """Return where along the road the view puts its damage; nan above the horizon."""
    spot = spot_of(camera, x_px=view.x_px, y_px=view.y_px, furthest_m=SEEN_M)
    return math.nan if spot is None else view.odometer_m + spot.ahead_m


def apart_m(camera: Camera, views: Sequence[View]) -> list[float]:
    """Return how far each view of a damage lands from its last view of the same edge.

    Positive: the earlier view, from further away, puts it further along the road.
    """
    found = []
    for is_upper in (False, True):
        edge = [along_m(camera, view) for view in views if view.is_upper is is_upper]
        found += [place - edge[-1] for place in edge[:-1]]
    return found


def refine(
    camera: Camera, damages: Sequence[Sequence[View]], *, height_error_m: float = math.inf
) -> Refined:
    """Fit pitch and height so that each damage's views fall together.

    Gauss-Newton on the differences to each damage's last view, with Huber's weights; the errors by
    damage (White's sandwich), because the views of one damage share what is wrong with it.
    Raises ValueError for fewer than `FEWEST` differences.
    """
    pairs = len(_all_apart_m(camera, damages))
    if pairs < FEWEST:
        raise ValueError(f"{pairs} pairs of views: at least {FEWEST} are needed to mend a camera")
    owner = np.repeat(np.arange(len(damages)), [len(apart_m(camera, one)) for one in damages])
    values = np.array([camera.pitch_deg, camera.height_m])
    for _ in range(ROUNDS):
        residual = _all_apart_m(_with(camera, values), damages)
        slopes = _slopes(camera, values, damages)
        known = np.isfinite(residual) & np.isfinite(slopes).all(axis=1)
        residual, slopes = residual[known], slopes[known]
        weight = np.minimum(1.0, CLEAR_M / np.maximum(np.abs(residual), 1e-9))
        noise_m = max(float(np.median(np.abs(residual))) / 0.6745, LEAST_NOISE_M)
        pull = np.diag([0.0, (noise_m / height_error_m) ** 2])
        normal = (slopes * weight[:, None]).T @ slopes + pull
        off = np.array([0.0, values[1] - camera.height_m])
        slope = slopes.T @ (weight * residual) + pull @ off
        step = -np.linalg.lstsq(normal, slope, rcond=None)[0]
        values = values + np.clip(step, [-1.0, -0.3], [1.0, 0.3])
        if np.abs(step).max() < 1e-6:
            break
    scores = np.zeros((len(damages), 2))
    np.add.at(scores, owner[known], slopes * (weight * residual)[:, None])
    judged = max(int((np.abs(scores).sum(axis=1) > 0).sum()), 1)
    middle = scores.T @ scores * judged / max(judged - 2, 1) + pull * noise_m**2
    inverse = np.linalg.pinv(normal)
    errors = np.sqrt(np.diag(inverse @ middle @ inverse))
    return Refined(_with(camera, values), int(known.sum()), float(errors[0]), float(errors[1]))


def _with(camera: Camera, values: NDArray[np.float64]) -> Camera:
    return replace(camera, pitch_deg=float(values[0]), height_m=float(values[1]))


def _all_apart_m(camera: Camera, damages: Sequence[Sequence[View]]) -> NDArray[np.float64]:
    """Return `apart_m` of all damages one after the other, `(n,)`."""
    return np.array([by_m for views in damages for by_m in apart_m(camera, views)])


def _slopes(
    camera: Camera, values: NDArray[np.float64], damages: Sequence[Sequence[View]]
) -> NDArray[np.float64]:
    """Return the differences' derivative by pitch and height, `(n, 2)`."""
    columns = []
    for index in range(2):
        small = np.zeros(2)
        small[index] = 1e-4
        above = _all_apart_m(_with(camera, values + small), damages)
        below = _all_apart_m(_with(camera, values - small), damages)
        columns.append((above - below) / 2e-4)
    return np.column_stack(columns)
