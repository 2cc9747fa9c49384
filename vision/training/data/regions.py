"""Pixel masks to boxes: fragments joined, crack types read from the shape. Pure.

People drew where a pothole or a crack is; nobody drew which type of crack. The type below is
derived, and every set made with it says so. All lengths are shares of the picture's width,
so that a picture of another size gives the same boxes.

1. Fragments of one mask belong together where the gap between them is at most `GAP_SHARE`.
2. A box goes around the drawn pixels of all fragments; too small ones are left out and counted.
3. A crack region that is broad and filled is a net (D20). Any other one is a line: along the
   road (D00) where its box is at most `LINE_FLATTEST` times as wide as high, else across (D10).
   A camera that looks ahead squeezes what runs along the road, hence more than 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.training.data.labels import Box

GAP_SHARE = {"pothole": 0.005, "crack": 0.02}  # guesses: 5 px and 20 px of 1,024
LEAST_POTHOLE = (0.012, 0.006)  # width, height: the smallest of the shared set's labels
LEAST_CRACK = 0.025  # the longer side, likewise
NET_LEAST_SIDE = 0.055  # both sides, likewise: no D20 there is narrower
NET_LEAST_RATIO = 0.35  # short over long side of the tightest rectangle; a guess
NET_LEAST_FILL = 0.35  # of that rectangle, once gaps are closed; a guess
LINE_FLATTEST = 1.3  # between the 99 % of D00 below 1.42 and of D10 above 1.22 of that set

Mask = NDArray[np.bool_]  # (height, width), True where drawn


@dataclass(frozen=True, slots=True)
class Region:
    """One damage of a mask."""

    kind: str  # D00, D10, D20, D40
    box: Box


def potholes(mask: Mask, dropped: Counter[str]) -> list[Region]:
    """Return the potholes of a mask, from left to right."""
    width_px = mask.shape[1]
    kept = []
    for piece in _pieces(mask, GAP_SHARE["pothole"]):
        x1, y1, x2, y2 = piece.box
        if x2 - x1 < LEAST_POTHOLE[0] * width_px or y2 - y1 < LEAST_POTHOLE[1] * width_px:
            dropped["pothole too small"] += 1
        else:
            kept.append(Region("D40", piece.box))
    return sorted(kept, key=lambda region: region.box)


def cracks(mask: Mask, dropped: Counter[str]) -> list[Region]:
    """Return the crack regions of a mask with their derived type, from left to right."""
    width_px = mask.shape[1]
    kept = []
    for piece in _pieces(mask, GAP_SHARE["crack"]):
        x1, y1, x2, y2 = piece.box
        if max(x2 - x1, y2 - y1) < LEAST_CRACK * width_px:
            dropped["crack too small"] += 1
        else:
            kept.append(Region(_type_of(piece, width_px), piece.box))
    return sorted(kept, key=lambda region: region.box)


def line_type(box: Box) -> str:
    """Tell a crack along the road from one across it by its box alone.

    >>> line_type((0, 0, 20, 100)), line_type((0, 0, 100, 20))
    ('D00', 'D10')
    """
    x1, y1, x2, y2 = box
    return "D00" if x2 - x1 <= LINE_FLATTEST * (y2 - y1) else "D10"


@dataclass(frozen=True, slots=True)
class _Piece:
    box: Box
    points: NDArray[np.float32]  # (n, 2) x y of the drawn pixels
    closed_px: int  # pixels once gaps are closed
    reach_px: int  # by how much closing reaches beyond what was drawn


def _type_of(piece: _Piece, width_px: int) -> str:
    first, second = (side + 1 for side in cv2.minAreaRect(piece.points)[1])
    short, long = min(first, second), max(first, second)
    covered = (short + 2 * piece.reach_px) * (long + 2 * piece.reach_px)
    is_net = (
        short >= NET_LEAST_SIDE * width_px
        and short >= NET_LEAST_RATIO * long
        and piece.closed_px >= NET_LEAST_FILL * covered
    )
    return "D20" if is_net else line_type(piece.box)


def _pieces(mask: Mask, gap_share: float) -> Iterator[_Piece]:
    """Yield what belongs together: growing by half the gap makes near fragments touch."""
    reach_px = int(gap_share * mask.shape[1]) // 2
    if not mask.any():
        return
    away_px = cv2.distanceTransform((~mask).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    grown = (away_px <= reach_px).astype(np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
    for number, (left, top, width, height, area) in enumerate(stats.tolist()):
        if number == 0:
            continue  # everything that is no damage
        window = np.s_[top : top + height, left : left + width]
        rows, columns = np.nonzero((labels[window] == number) & mask[window])
        x, y = columns + left, rows + top
        box = (float(x.min()), float(y.min()), float(x.max() + 1), float(y.max() + 1))
        yield _Piece(box, np.stack([x, y], axis=1).astype(np.float32), area, reach_px)
