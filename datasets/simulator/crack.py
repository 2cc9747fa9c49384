"""Cracks: along the street, across it, and the net of an alligator's back."""

from __future__ import annotations

from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from simulator.noise import smooth
from simulator.stamp import Raster, Stamp

TEXEL_M = 0.005


def single_crack(
    rng: np.random.Generator,
    *,
    length_m: float,
    across: bool,
    x_m: float,
    y_m: float,
    heading_deg: float,
) -> tuple[Stamp, Raster]:
    """Return one wandering crack with branches, and the mask of its extent."""
    long_px, short_px = int(length_m / TEXEL_M), int(0.55 / TEXEL_M)
    ink = np.zeros((long_px, short_px), np.uint8)
    path = _wander(rng, long_px, short_px)
    _draw(rng, ink, path, widest=4)
    for _ in range(int(length_m * 1.2)):
        start = path[int(rng.integers(4, len(path) - 4))]
        branch = start + np.cumsum(rng.normal(0, 7, (9, 2)) + rng.choice([-5, 5], 2), axis=0)
        _draw(rng, ink, branch, widest=2)
    if across:
        ink = np.ascontiguousarray(ink.T)
    return _inked(rng, ink, x_m, y_m, heading_deg), _extent(ink)


def alligator(
    rng: np.random.Generator,
    *,
    length_m: float,
    width_m: float,
    x_m: float,
    y_m: float,
    heading_deg: float,
) -> tuple[Stamp, Raster]:
    """Return a field of cracks that join into a net, and the mask of the field."""
    rows, columns = int(length_m / TEXEL_M), int(width_m / TEXEL_M)
    step = 26  # about 13 cm between cracks
    lattice = np.mgrid[-step : rows + step : step, -step : columns + step : step]
    corners = lattice.reshape(2, -1).T
    corners = corners + rng.uniform(-11, 11, corners.shape)
    row, column = np.mgrid[:rows, :columns].astype(np.float64)
    bend = 4 * smooth(rng, size=max(rows, columns), blur=5)[:rows, :columns]
    nearest = np.full((2, rows, columns), np.inf)
    for r, c in corners:
        away = np.sqrt((row + bend - r) ** 2 + (column - bend - c) ** 2)
        nearest[1] = np.minimum(nearest[1], np.maximum(away, nearest[0]))
        nearest[0] = np.minimum(nearest[0], away)
    patchy = smooth(rng, size=max(rows, columns), blur=18)[:rows, :columns]
    width = 1.0 + 0.8 * np.clip(patchy, -1, 1.5)
    lines = np.clip(width - (nearest[1] - nearest[0]) / 2 + 0.8, 0, 1)
    across, along = 2 * column / columns - 1, 2 * row / rows - 1
    rim = np.sqrt(np.sqrt(across**4 + along**4))
    field = np.clip((0.86 - rim) * 6 + 0.7 * patchy, 0, 1)
    ink = np.asarray(255 * lines * field, np.uint8)
    dense = cv2.blur(ink, (2 * step - 1, 2 * step - 1)) > 12  # the field ends where the net does
    return _inked(rng, ink, x_m, y_m, heading_deg), np.asarray(dense, np.float32)


def _wander(rng: np.random.Generator, long_px: int, short_px: int) -> NDArray[np.float64]:
    """Return points (column, row) from one end to the other."""
    rows = np.linspace(4, long_px - 5, max(long_px // 9, 8))
    drift = np.cumsum(rng.normal(0, 3.2, len(rows)))
    drift -= np.linspace(drift[0], drift[-1], len(rows)) * 0.8
    columns = np.clip(short_px / 2 + drift, 8, short_px - 9)
    return np.stack([columns, rows], axis=1)


def _draw(
    rng: np.random.Generator, ink: NDArray[np.uint8], path: NDArray[np.float64], *, widest: int
) -> None:
    for a, b in pairwise(path):
        thickness = int(rng.integers(1, widest + 1))
        ends = [(int(16 * p[0]), int(16 * p[1])) for p in (a, b)]
        cv2.line(ink, ends[0], ends[1], 255, thickness, cv2.LINE_AA, shift=4)


def _inked(
    rng: np.random.Generator, ink: NDArray[np.uint8], x_m: float, y_m: float, heading_deg: float
) -> Stamp:
    """Return the stamp of dark lines on sound asphalt, with worn edges beside them."""
    worn = cv2.GaussianBlur(ink, (0, 0), 4).astype(np.float32) / 255
    line = ink.astype(np.float32) / 255
    noise = smooth(rng, size=max(ink.shape), blur=1.2)[: ink.shape[0], : ink.shape[1]]
    tone = np.where(line > 0.3, 0.36, 0.86) + 0.06 * noise
    cover = np.maximum(0.9 * line, np.clip(0.7 * worn, 0, 0.4))
    paint = np.repeat(tone[..., None], 3, axis=-1)
    return Stamp(
        x_m,
        y_m,
        heading_deg,
        TEXEL_M,
        np.asarray(paint, np.float32),
        np.asarray(cover, np.float32),
    )


def _extent(ink: NDArray[np.uint8]) -> Raster:
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    mask = np.zeros(ink.shape, np.float32)
    mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = 1
    return mask
