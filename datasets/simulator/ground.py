"""The colour of the ground at any place: asphalt, markings, gutter, kerb, pavement, grass."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from simulator.noise import Texture, look_up, look_up_smoothly, smooth
from simulator.plan import STREETS, WIDTH_M, Street

Numbers = NDArray[np.float64]

FILLET_M = 9.0  # how far a corner's rounding reaches
GUTTER_M, KERB_M, VERGE_M, PAVEMENT_M = 0.32, 0.14, 1.3, 3.2
ASPHALT = {"Schillerstraße": 108.0, "Kastanienallee": 84.0, "Goethestraße": 98.0}
CHEVRON = 9.0  # centre line: 3 m paint, 6 m gap


@dataclass(frozen=True, slots=True)
class Materials:
    """The noises that everything is textured with."""

    fine: tuple[Texture, ...]  # grains of 4 mm, and the same twice and four times as coarse
    medium: Texture
    coarse: Texture


@dataclass(frozen=True, slots=True)
class Place:
    """Where points lie in relation to the streets."""

    edge_m: Numbers  # to the nearest kerb, negative on the road
    along_m: Numbers  # along the nearest street
    right_m: Numbers  # from its middle
    junction_m: Numbers  # to the kerb of the next street but one
    grey: Numbers  # of its asphalt


def materials(seed: int) -> Materials:
    """Make the noises of a town."""
    rng = np.random.default_rng([seed, 1])
    fine = tuple(smooth(rng, size=1024, blur=blur) for blur in (0.55, 0.8, 1.0))
    return Materials(fine, smooth(rng, size=512, blur=1.5), smooth(rng, size=512, blur=3.0))


def streets_near(x_m: float, y_m: float, *, reach_m: float) -> list[Street]:
    """Return the streets that come near a place, the more important ones first."""
    found = []
    for street in STREETS:
        edge, _, _ = _beside(street, np.array([x_m]), np.array([y_m]))
        if edge[0] < reach_m:
            found.append(street)
    return sorted(found, key=lambda street: list(WIDTH_M).index(street.road_class))


def place(streets: list[Street], x_m: Numbers, y_m: Numbers) -> Place:
    """Relate points to the streets; corners between two streets are rounded."""
    far = np.full(x_m.shape, 1e3)
    edge, nearest, second, best = far, far, far, far
    along, right, grey = np.zeros(x_m.shape), np.zeros(x_m.shape), np.full(x_m.shape, 94.0)
    for rank, street in enumerate(streets):
        own, s, t = _beside(street, x_m, y_m)
        second = np.where(own < nearest, nearest, np.minimum(second, own))
        nearest = np.minimum(nearest, own)
        # where streets cross, the surface is that of the first one, which goes through
        ranked = np.where(own < 0, own - 100 * (len(streets) - rank), own)
        closer = ranked < best
        best = np.where(closer, ranked, best)
        along, right = np.where(closer, s, along), np.where(closer, t, right)
        grey = np.where(closer, ASPHALT.get(street.name, 94.0), grey)
        blend = np.maximum(FILLET_M - np.abs(edge - own), 0) / FILLET_M
        edge = np.minimum(edge, own) - blend * blend * FILLET_M / 4
    return Place(edge, along, right, second, grey)


def colour(
    stuff: Materials, where: Place, x_m: Numbers, y_m: Numbers, reach_m: Numbers
) -> NDArray[np.float32]:
    """Return BGR `(n, 3)` at places seen from `reach_m` metres away."""
    level = np.clip((reach_m - 4) / 5, 0, 2).astype(int)
    grain = np.zeros(x_m.shape, np.float32)
    for k, texture in enumerate(stuff.fine):
        here = level == k
        grain[here] = look_up(texture, x_m[here], y_m[here], texel=0.004 * 2**k)
    patches = look_up_smoothly(stuff.coarse, x_m, y_m, texel=0.35)
    speckle = look_up_smoothly(stuff.medium, x_m, y_m, texel=0.03)
    streaks = look_up_smoothly(stuff.medium, where.along_m / 14, where.right_m, texel=0.05)
    asphalt = _asphalt(where, grain, patches, speckle, streaks)
    gutter = _slabs(where.along_m, where.edge_m, 0.5, 9.0) * 104 + 6 * grain
    kerb = _slabs(where.along_m, where.edge_m, 1.0, 9.0) * 138 + 7 * grain + 3 * patches
    slabs = _slabs(where.along_m, where.edge_m - KERB_M, 0.4, 0.4) * 124 + 5 * grain + 5 * patches
    kerb = np.where(where.edge_m < 0.025, kerb * 0.55, kerb)  # the face of the stone
    tuft = look_up_smoothly(stuff.medium, x_m, y_m, texel=0.012)
    dry = np.clip(0.5 + 0.35 * patches, 0, 1)[..., None]
    blades = (1 + 0.20 * tuft + 0.22 * grain)[..., None]
    grass = blades * (np.array([44.0, 84.0, 74.0]) * (1 - dry) + np.array([58, 92, 96]) * dry)
    edge = where.edge_m
    grey = np.where(edge < 0, gutter, np.where(edge < KERB_M, kerb, slabs))
    tinted = grey[..., None] * np.array([0.97, 1.0, 1.02])
    out = np.where((edge < -GUTTER_M)[..., None], asphalt, tinted)
    verge = ((edge > KERB_M) & (edge < VERGE_M)) | (edge > PAVEMENT_M)
    out = np.where(verge[..., None], grass, out)
    return np.asarray(out, np.float32)


def _asphalt(
    where: Place, grain: Texture, patches: Texture, speckle: Texture, streaks: Texture
) -> Numbers:
    """Return BGR of the carriageway with tyre tracks and white centre line."""
    lane = np.abs(np.abs(where.right_m) - 1.62)
    track = np.clip(1 - np.abs(lane - 0.82) / 0.42, 0, 1)
    drip = np.clip(1 - lane / 0.5, 0, 1)
    tone = where.grey * (1 + 0.024 * patches + 0.05 * track - 0.06 * drip + 0.022 * streaks)
    tone = tone + where.grey * (0.125 * grain + 0.022 * speckle)
    dirt = np.clip(1 + (where.edge_m + GUTTER_M) / 0.5, 0, 1) * (0.5 + 0.3 * patches)
    out = tone[..., None] * np.array([1.015, 1.0, 0.985])
    out = out * (1 + dirt[..., None] * np.array([-0.10, -0.02, 0.05]))
    dashed = (where.along_m % CHEVRON < 3.0) & (np.abs(where.right_m) < 0.06)
    line = dashed & (where.junction_m > 5.0)
    paint = 188 + 8 * grain + 6 * patches
    worn = 0.88 - 0.35 * np.clip(speckle + 0.6 * streaks - 0.7, 0, 1)
    share = np.where(line, worn, 0.0)[..., None]
    return np.asarray(out * (1 - share) + paint[..., None] * share)


def _slabs(along_m: Numbers, across_m: Numbers, length_m: float, width_m: float) -> Numbers:
    """Return 1 on stones and less in the joints between them."""
    joint = (along_m % length_m < 0.012) | (across_m % width_m < 0.012)
    return np.where(joint, 0.68, 1.0)


def _beside(street: Street, x_m: Numbers, y_m: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Return metres to the street's kerb, along the street and to the right of its middle."""
    best, along, right = np.full(x_m.shape, 1e3), np.zeros(x_m.shape), np.zeros(x_m.shape)
    start = 0.0
    for a, b in pairwise(street.line):
        dx, dy = b[0] - a[0], b[1] - a[1]
        length = float(np.sqrt(dx * dx + dy * dy))
        dx, dy = dx / length, dy / length
        px, py = x_m - a[0], y_m - a[1]
        s, t = px * dx + py * dy, px * dy - py * dx
        over = s - np.clip(s, 0, length)
        away = np.sqrt(over * over + t * t)
        closer = away < best
        best = np.where(closer, away, best)
        along, right = np.where(closer, s + start, along), np.where(closer, t, right)
        start += length
    return best - WIDTH_M[street.road_class] / 2, along, right
