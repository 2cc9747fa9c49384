"""What stands beside the streets: hedges, garden walls and the fronts of houses.

They are layers of height: a ray that comes down from the camera is asked at each height
whether it has run into something there. No front is higher than the camera looks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.ground import Materials, Place, place
from simulator.noise import Texture, look_up, look_up_smoothly
from simulator.plan import Street

Numbers = NDArray[np.float64]

HEDGE_EDGE_M, HEDGE_DEPTH_M, HOUSE_EDGE_M = 3.6, 2.6, 8.0
PLOT_M, HOUSE_M = 19.0, 13.5
LAYERS_M = (2.0, 1.75, 1.5, 1.36, 1.22, 1.08, 0.94, 0.8, 0.66, 0.52, 0.4, 0.28, 0.18, 0.08)
PLASTER = np.array(
    [[150, 170, 182], [168, 174, 176], [128, 156, 186], [120, 132, 160], [150, 160, 150]], float
)


def stand_up(
    picture: NDArray[np.float32],
    stuff: Materials,
    streets: list[Street],
    eye: tuple[float, float, float],
    x_m: Numbers,
    y_m: Numbers,
    ground: Place,
) -> None:
    """Paint over the ground what hides it; `eye` is x, y and height of the camera."""
    open_ = np.flatnonzero(ground.edge_m > HEDGE_EDGE_M)
    for layer_m in LAYERS_M:
        share = 1 - layer_m / eye[2]
        x = eye[0] + (x_m[open_] - eye[0]) * share
        y = eye[1] + (y_m[open_] - eye[1]) * share
        where = place(streets, x, y)
        wild = look_up_smoothly(stuff.medium, x, y, texel=0.16)
        hedge = _hedges(where, wild, layer_m)
        house = _houses(where) & ~hedge
        picture[open_[hedge]] = _leaves(stuff, x[hedge], y[hedge], wild[hedge], layer_m)
        picture[open_[house]] = _front(stuff, _only(where, house), layer_m)
        open_ = open_[~(hedge | house)]


def _plot(where: Place) -> tuple[NDArray[np.int64], Numbers]:
    """Return a number for each plot of land, and metres from its corner."""
    plot = np.floor(where.along_m / PLOT_M).astype(np.int64)
    side = (where.right_m > 0).astype(np.int64)
    return (plot * 7 + side * 3 + 11) * 2654435761 % 1009, where.along_m - plot * PLOT_M


def _hedges(where: Place, wild: Texture, layer_m: float) -> NDArray[np.bool_]:
    number, along = _plot(where)
    top = 0.7 + (number % 5) * 0.16 + 0.05 * wild
    gate = (along > 2.0) & (along < 4.6)
    front = HEDGE_EDGE_M + 0.06 * wild
    deep = (where.edge_m > front) & (where.edge_m < HEDGE_EDGE_M + HEDGE_DEPTH_M)
    return np.asarray(deep & ~gate & (layer_m < top) & (number % 6 != 0))


def _houses(where: Place) -> NDArray[np.bool_]:
    number, along = _plot(where)
    built = (along > 4.8) & (along < 4.8 + HOUSE_M) & (number % 8 != 3)
    return np.asarray(built & (where.edge_m > HOUSE_EDGE_M + (number % 3) * 0.8))


def _leaves(
    stuff: Materials, x_m: Numbers, y_m: Numbers, wild: Texture, layer_m: float
) -> NDArray[np.float32]:
    leaf = look_up(stuff.fine[2], x_m + layer_m, y_m - 2 * layer_m, texel=0.03)
    tone = (0.62 + 0.28 * layer_m) * (1 + 0.30 * leaf + 0.12 * wild)
    return np.asarray(tone[:, None] * np.array([36.0, 62.0, 52.0]), np.float32)


def _front(stuff: Materials, where: Place, layer_m: float) -> NDArray[np.float32]:
    number, along = _plot(where)
    plaster = PLASTER[number % len(PLASTER)]
    rough = look_up(stuff.fine[2], where.along_m, np.full(len(along), layer_m), texel=0.05)
    tone = np.where(layer_m < 0.6, 0.62, 0.95) * (1 + 0.03 * rough)
    window = ((along - 4.8) % 2.7 > 1.0) & ((along - 4.8) % 2.7 < 2.1) & (layer_m > 0.95)
    colour = np.where(window[:, None], np.array([70.0, 62.0, 58.0]), plaster * tone[:, None])
    return np.asarray(colour, np.float32)


def _only(where: Place, keep: NDArray[np.bool_]) -> Place:
    return Place(
        where.edge_m[keep],
        where.along_m[keep],
        where.right_m[keep],
        where.junction_m[keep],
        where.grey[keep],
    )
