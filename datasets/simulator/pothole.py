"""Potholes: an irregular outline, a broken rim, dark walls, and rubble on the floor."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulator.noise import smooth
from simulator.stamp import Numbers, Raster, Stamp, sunlight

TEXEL_M = 0.004
BORDER_M = 0.16  # room around the hole for rim, crumbs and cracks


@dataclass(frozen=True, slots=True)
class Hollow:
    """A pothole before it is laid on the road."""

    length_m: float
    width_m: float
    depth_m: float
    floor: float  # brightness of the floor as a share of the street's grey
    warmth: float  # 0 grey rubble .. 1 reddish sand


def pothole(
    rng: np.random.Generator, hollow: Hollow, *, x_m: float, y_m: float, heading_deg: float
) -> tuple[Stamp, Raster]:
    """Return the stamp of a pothole and the mask of the hole itself."""
    rows = int((hollow.length_m + 2 * BORDER_M) / TEXEL_M)
    columns = int((hollow.width_m + 2 * BORDER_M) / TEXEL_M)
    size = max(rows, columns)
    noise = {blur: smooth(rng, size=size, blur=blur)[:rows, :columns] for blur in (0.6, 2, 5, 14)}
    edge_m = _edge(rng, hollow, rows, columns)
    edge_m = edge_m + 0.012 * noise[14] + 0.005 * noise[5] + 0.002 * noise[2]
    hole = edge_m < 0

    wall_m = 0.012 + 0.010 * np.clip(noise[14] + 0.5, 0, 2)
    sink = np.clip(-edge_m / wall_m, 0, 1)
    relief = 0.006 * noise[5] + 0.004 * noise[2]
    bowl = np.clip(-edge_m / (0.5 * hollow.width_m), 0, 1)
    depth_m = sink * np.maximum(hollow.depth_m * (0.75 + 0.5 * bowl) + relief, 0.008)
    lit = sunlight(np.asarray(depth_m, np.float32), texel_m=TEXEL_M, heading_deg=heading_deg)

    stones = np.clip(1 + 0.16 * noise[2] + 0.10 * noise[0.6] + 0.07 * noise[14], 0.45, 1.7)
    wall = (sink < 0.97) & hole
    tone = np.where(wall, 0.50 + 0.10 * noise[2], hollow.floor * stones) * lit
    rim = np.clip(1 - np.abs(edge_m - 0.008) / 0.012, 0, 1) * np.clip(0.4 + 0.6 * noise[5], 0, 1)
    tone = np.where(hole, tone, 1.0 - 0.35 * rim + 0.10 * noise[0.6])
    crumbs = (noise[2] > 2.15) & (edge_m < BORDER_M * 0.8) & ~hole
    tone = np.where(crumbs, 1.35 * (1 + 0.2 * noise[0.6]), tone)

    worn = np.clip(1 - edge_m / 0.05, 0, 1)
    cover = np.where(hole, 1.0, np.maximum(rim, 0.25 * worn))
    cover = np.where(crumbs, 0.8, cover)
    # a stamp ends in nothing: no straight line may show where it stops
    cover = cover * (edge_m < BORDER_M * 0.9)
    inside = np.where(hole & ~wall, hollow.warmth, 0.0)
    tint = np.stack([1 - 0.22 * inside, 1 - 0.05 * inside, 1 + 0.13 * inside], axis=-1)
    stamp = Stamp(
        x_m,
        y_m,
        heading_deg,
        TEXEL_M,
        np.asarray(tone[..., None] * tint, np.float32),
        np.asarray(cover, np.float32),
        np.asarray(depth_m, np.float32),
    )
    return stamp, np.asarray(hole, np.float32)


def _edge(rng: np.random.Generator, hollow: Hollow, rows: int, columns: int) -> Numbers:
    """Return metres to the outline, negative inside: a few lobes grown together."""
    along = (np.arange(rows)[:, None] - rows / 2 + 0.5) * TEXEL_M / (hollow.length_m / 2)
    right = (np.arange(columns)[None, :] - columns / 2 + 0.5) * TEXEL_M / (hollow.width_m / 2)
    scale = min(hollow.length_m, hollow.width_m) / 2
    edge = np.full((rows, columns), np.inf)
    for lobe in range(int(rng.integers(1, 4))):
        reach = 0.86 if lobe == 0 else rng.uniform(0.40, 0.62)
        angle, away = rng.uniform(0, 2 * np.pi), 0.0 if lobe == 0 else 0.93 - reach
        du, dv = along - away * np.cos(angle), right - away * np.sin(angle)
        radius = np.sqrt(du**2 + dv**2) + 1e-9
        cosine, sine = du / radius, dv / radius
        wave = np.ones((rows, columns))
        even, odd = cosine, sine
        for order in range(1, 6):
            a, b = rng.normal(0, 0.10 / order, 2)
            wave = wave + a * even + b * odd
            even, odd = even * cosine - odd * sine, odd * cosine + even * sine
        edge = np.minimum(edge, (radius - reach * wave) * scale)
    return edge
