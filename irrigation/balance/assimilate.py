"""What sensors teach the balance: their own tree at once, the neighbours by nearness. Pure.

A sensor's residual is what it says less what its tree's balance says (REW). A balance moves by
    shift = own tree: OWN_TRUST · r
            else:     Σ w·r / (Σ w + SHRINK),  w = exp(-d / REACH_M) · [same genus: 1, other: OTHER]
and each residual fades with its age, exp(-days / FADES_DAYS). No sensors, no shift; one far sensor
moves nothing; many near ones that agree move by nearly what they say. The numbers are guesses, to
be replaced once a city's own residuals show how far they reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers, Truths

OWN_TRUST = 0.9
REACH_M = 300.0
FARTHEST_M = 1_500.0  # beyond, a weight is below 0.007
OTHER_GENUS = 0.5
SHRINK = 0.5
FADES_DAYS = 5.0
OLDEST_DAYS = 10
STEP = 0.01  # shifts are rounded: neighbours that nobody can tell apart stay one state


@dataclass(frozen=True, slots=True)
class Residuals:
    """One row for each sensor tree."""

    tree: Numbers  # place of the tree in the list
    residual: Numbers  # REW, sensor less balance
    age_days: Numbers


def shifts(found: Residuals, place_m: Numbers, genus: np.ndarray) -> tuple[Numbers, Truths]:
    """By how much each tree's balance moves (REW), and which trees their own sensor anchors.

    `place_m` is `(n, 2)` in metres; a tree without a place (NaN) learns from its own sensor only.
    """
    count = len(place_m)
    shift, anchored = np.zeros(count), np.zeros(count, dtype=bool)
    use: Truths = np.asarray(found.age_days <= OLDEST_DAYS)
    if not use.any():
        return shift, anchored
    who = found.tree[use].astype(int)
    said = found.residual[use] * np.exp(-found.age_days[use] / FADES_DAYS)
    placed = np.asarray(np.isfinite(place_m).all(axis=1))
    rows = np.flatnonzero(placed)
    rows = rows[np.argsort(place_m[rows, 0], kind="stable")]  # a window from west to east is near
    x_m, y_m, kinds = place_m[rows, 0], place_m[rows, 1], genus[rows]
    top, bottom = np.zeros(len(rows)), np.zeros(len(rows))
    for tree, value in zip(who, said, strict=True):
        if not placed[tree]:
            continue
        east, north = place_m[tree]
        west_to_east = slice(*np.searchsorted(x_m, (east - FARTHEST_M, east + FARTHEST_M)))
        away = np.hypot(x_m[west_to_east] - east, y_m[west_to_east] - north)
        weight = np.exp(-away / REACH_M) * (away <= FARTHEST_M)
        weight *= np.where(kinds[west_to_east] == genus[tree], 1.0, OTHER_GENUS)
        top[west_to_east] += weight * value
        bottom[west_to_east] += weight
    shift[rows] = top / (bottom + SHRINK)
    shift[who] = OWN_TRUST * said
    anchored[who] = True
    return np.round(shift / STEP) * STEP, anchored
