"""A stamp: a small picture of something in or on the road, with its depth, laid on the ground."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Raster = NDArray[np.float32]
Numbers = NDArray[np.float64]

SUN_AZIMUTH_DEG, SUN_HEIGHT_DEG = 205.0, 34.0  # a clear autumn noon
SHADE = 0.42  # what the sky alone gives, as a share of sun and sky together


@dataclass(frozen=True, slots=True)
class Stamp:
    """Rows run along the street (first row farthest along), columns to the right."""

    x_m: float
    y_m: float
    heading_deg: float  # direction of the rows, clockwise from north
    texel_m: float
    paint: Raster  # (h, w, 3) BGR as a share of the street's own grey
    cover: Raster  # (h, w) 0..1: how much of the street it hides
    depth_m: Raster | None = None  # (h, w) below the road

    @property
    def half_length_m(self) -> float:
        """Half of its extent along the street."""
        return int(self.cover.shape[0]) * self.texel_m / 2

    @property
    def half_width_m(self) -> float:
        """Half of its extent across the street."""
        return int(self.cover.shape[1]) * self.texel_m / 2


def offsets(stamp: Stamp, x_m: Numbers, y_m: Numbers) -> tuple[Numbers, Numbers]:
    """Return metres along and to the right of the stamp's middle."""
    return turn(x_m - stamp.x_m, y_m - stamp.y_m, heading_deg=stamp.heading_deg)


def turn(dx: Numbers, dy: Numbers, *, heading_deg: float) -> tuple[Numbers, Numbers]:
    """Turn a vector in the town into along and right."""
    east, north = np.sin(np.radians(heading_deg)), np.cos(np.radians(heading_deg))
    return dx * east + dy * north, dx * north - dy * east


def coarser(raster: Raster, *, steps: int) -> Raster:
    """Halve a raster `steps` times, so that a far stamp does not flicker."""
    for _ in range(steps):
        rows, columns = raster.shape[0] // 2 * 2, raster.shape[1] // 2 * 2
        even, odd = raster[:rows:2], raster[1:rows:2]
        left, right = slice(0, columns, 2), slice(1, columns, 2)
        raster = (even[:, left] + even[:, right] + odd[:, left] + odd[:, right]) * np.float32(0.25)
    return raster


def sunlight(depth_m: Raster, *, texel_m: float, heading_deg: float) -> Raster:
    """Return how bright each texel of a hollow is: slope to the sun and shadow of its rim."""
    height = -depth_m.astype(np.float64)
    sun = np.radians(SUN_AZIMUTH_DEG)
    along, right = turn(np.sin(sun), np.cos(sun), heading_deg=heading_deg)
    rise = np.tan(np.radians(SUN_HEIGHT_DEG))
    d_row, d_column = np.gradient(height, texel_m)
    # rows run against the direction of travel
    toward = along * -d_row + right * d_column
    slope = np.clip((rise - toward) / rise, 0, 1.6) / np.sqrt(1 + d_row**2 + d_column**2)
    shadow = np.zeros(height.shape)
    for step in range(1, int(height.min() / -rise / texel_m) + 2):
        moved = cv2.warpAffine(
            height,
            np.array([[1, 0, -right * step], [0, 1, along * step]]),
            (height.shape[1], height.shape[0]),
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=0.0,
        )
        shadow = np.maximum(shadow, np.clip((moved - height - step * texel_m * rise) / 0.004, 0, 1))
    lit = SHADE + (1 - SHADE) * slope * (1 - shadow)
    return np.asarray(lit, np.float32)
