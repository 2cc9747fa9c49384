"""What lies in a road and is no damage: covers, gullies, patches, joints, shade of trees."""

from __future__ import annotations

import numpy as np

from simulator.noise import smooth
from simulator.stamp import Numbers, Stamp

TEXEL_M = 0.006


def manhole(rng: np.random.Generator, *, x_m: float, y_m: float, heading_deg: float) -> Stamp:
    """Return a cast-iron cover in its concrete ring."""
    along, right = _grid(0.86, 0.86)
    radius = np.sqrt(along**2 + right**2)
    noise = smooth(rng, size=len(radius), blur=1.0)
    iron = 0.62 + 0.16 * ((np.floor(along / 0.035) + np.floor(right / 0.035)) % 2) + 0.05 * noise
    ring = 1.22 + 0.07 * noise
    gap = np.abs(radius - 0.305) < 0.011
    tone = np.where(radius < 0.305, iron, ring)
    tone = np.where(gap, 0.32, tone)
    return _blend(tone, np.where(radius < 0.40, 1.0, 0.0), x_m, y_m, heading_deg)


def gully(rng: np.random.Generator, *, x_m: float, y_m: float, heading_deg: float) -> Stamp:
    """Return a road gully: an iron grating in the gutter."""
    along, right = _grid(0.56, 0.46)
    slots = (
        (np.floor((along + 1) / 0.035) % 2 == 0) & (np.abs(right) < 0.15) & (np.abs(along) < 0.2)
    )
    noise = smooth(rng, size=max(along.shape), blur=1.0)[: along.shape[0], : along.shape[1]]
    tone = np.where(slots, 0.22, 0.66 + 0.05 * noise)
    frame = (np.abs(along) < 0.25) & (np.abs(right) < 0.2)
    return _blend(tone, np.where(frame, 1.0, 0.0), x_m, y_m, heading_deg)


def patch(
    rng: np.random.Generator,
    *,
    length_m: float,
    width_m: float,
    tone: float,
    x_m: float,
    y_m: float,
    heading_deg: float,
) -> Stamp:
    """Return a rectangle of newer asphalt with a sealed edge."""
    along, right = _grid(length_m, width_m)
    inside = np.minimum(length_m / 2 - np.abs(along), width_m / 2 - np.abs(right))
    noise = smooth(rng, size=max(along.shape), blur=7)[: along.shape[0], : along.shape[1]]
    seal = np.abs(inside - 0.06 - 0.008 * noise) < 0.025
    body = np.where(seal, tone * 0.80, tone * (1 + 0.03 * noise))
    cover = np.where(inside > 0.05 + 0.008 * noise, np.where(seal, 0.8, 0.62), 0)
    return _blend(body, cover, x_m, y_m, heading_deg)


def sealed_joint(
    rng: np.random.Generator,
    *,
    length_m: float,
    across: bool,
    x_m: float,
    y_m: float,
    heading_deg: float,
) -> Stamp:
    """Return a joint or an old crack closed with bitumen: smooth, dark, five centimetres wide."""
    along, right = _grid(length_m, 0.5)
    bends = smooth(rng, size=len(along), blur=40)[:, :1] * 0.03
    wide = 0.025 + 0.006 * smooth(rng, size=len(along), blur=9)[:, :1]
    cover = np.clip((wide - np.abs(right - bends)) / 0.006, 0, 1) * 0.85
    cover = cover * (np.abs(along) < length_m / 2 - 0.05)
    tone = np.full(cover.shape, 0.55)
    if across:
        cover, tone = cover.T, tone.T
    return _blend(tone, cover, x_m, y_m, heading_deg)


def stain(rng: np.random.Generator, *, x_m: float, y_m: float, heading_deg: float) -> Stamp:
    """Return a damp or oily spot with a soft edge."""
    along, right = _grid(1.5, 0.8)
    size = max(along.shape)
    noise = smooth(rng, size=size, blur=14)[: along.shape[0], : along.shape[1]]
    inside = 1 - np.sqrt((along / 0.6) ** 2 + (right / 0.3) ** 2) + 0.2 * noise
    return _blend(np.full(along.shape, 0.70), np.clip(inside * 2, 0, 0.6), x_m, y_m, heading_deg)


def stop_line(*, x_m: float, y_m: float, heading_deg: float) -> Stamp:
    """Return the white bar before which a driver has to stand."""
    along, right = _grid(0.56, 2.96)
    inside = (np.abs(along) < 0.25) & (np.abs(right) < 1.45)
    return _blend(np.full(along.shape, 1.95), np.where(inside, 0.85, 0.0), x_m, y_m, heading_deg)


def tree_shade(rng: np.random.Generator, *, x_m: float, y_m: float, heading_deg: float) -> Stamp:
    """Return the ragged shade of a street tree."""
    along, right = _grid(5.0, 4.0, texel_m=0.02)
    size = max(along.shape)
    leaves = smooth(rng, size=size, blur=4)[: along.shape[0], : along.shape[1]]
    boughs = smooth(rng, size=size, blur=16)[: along.shape[0], : along.shape[1]]
    inside = 1 - np.sqrt((along / 2.2) ** 2 + (right / 1.7) ** 2) + 0.25 * boughs + 0.16 * leaves
    cover = np.clip(inside * 4, 0, 0.75) * (np.abs(along) < 2.45) * (np.abs(right) < 1.95)
    paint = np.ones((*along.shape, 3)) * np.array([0.52, 0.47, 0.44])
    return Stamp(
        x_m,
        y_m,
        heading_deg,
        0.02,
        np.asarray(paint, np.float32),
        np.asarray(cover, np.float32),
    )


def _grid(length_m: float, width_m: float, *, texel_m: float = TEXEL_M) -> tuple[Numbers, Numbers]:
    rows, columns = int(length_m / texel_m), int(width_m / texel_m)
    along = (rows / 2 - np.arange(rows) - 0.5)[:, None] * texel_m
    right = (np.arange(columns) + 0.5 - columns / 2)[None, :] * texel_m
    return np.broadcast_to(along, (rows, columns)), np.broadcast_to(right, (rows, columns))


def _blend(tone: Numbers, cover: Numbers, x_m: float, y_m: float, heading_deg: float) -> Stamp:
    paint = np.repeat(tone[..., None], 3, axis=-1)
    return Stamp(
        x_m,
        y_m,
        heading_deg,
        TEXEL_M,
        np.asarray(paint, np.float32),
        np.asarray(cover, np.float32),
    )
