"""Potholes of one picture drawn into another: the rare damage, on many roads. Pure pictures."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.runtime.detections import CLASSES

POTHOLE = CLASSES.index("D40")
SMALLEST_PX = 20  # a smaller pothole shows nothing worth copying
MARGIN = 0.25  # of the box: what surrounds a pothole fades into the new road
SIDEWAYS = 0.15  # of the picture's width: how far from its old place it may come to lie
TRIES = 4

Frame = NDArray[np.uint8]
Labels = NDArray[np.float32]  # `(n, 5)` as class x1 y1 x2 y2 in pixels


def can_give(row: NDArray[np.float32]) -> bool:
    """Say whether a label `class x1 y1 x2 y2` in pixels is a pothole worth copying."""
    return int(row[0]) == POTHOLE and bool((row[3:5] - row[1:3]).min() >= SMALLEST_PX)


def paste(
    frame: Frame,
    rows: Labels,
    giver: Frame,
    pothole: NDArray[np.float32],
    random: np.random.Generator,
) -> tuple[Frame, Labels]:
    """Draw a pothole of `giver` into `frame` at the same height, so that it keeps its distance.

    Its brightness follows the road around it. Where every place tried lies on a label, or a
    pothole hangs over the edge of its own picture, the frame comes back as it was.
    """
    height_px, width_px = frame.shape[:2]
    scale = np.array([width_px / giver.shape[1], height_px / giver.shape[0]], np.float32)
    giver = cv2.resize(giver, (width_px, height_px), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    box = pothole[1:5] * np.tile(scale, 2)
    pad = MARGIN * (box[2:] - box[:2])
    x1, y1 = np.floor(box[:2] - pad).astype(int)
    x2, y2 = np.ceil(box[2:] + pad).astype(int)
    if x1 < 0 or y1 < 0 or x2 > width_px or y2 > height_px:
        return frame, rows
    for _ in range(TRIES):
        shift = int(random.uniform(-SIDEWAYS, SIDEWAYS) * width_px)
        left = int(np.clip(x1 + shift, 0, width_px - (x2 - x1)))
        place = np.array([left, y1, left + x2 - x1, y2], np.float32)
        if not _touches(place, rows):
            moved = box + np.array([left - x1, 0, left - x1, 0], np.float32)
            label = np.array([[POTHOLE, *moved]], np.float32)
            drawn = frame.copy()
            spot = drawn[y1:y2, left : left + x2 - x1]
            spot[:] = _blended(giver[y1:y2, x1:x2], spot)
            return drawn, np.concatenate([rows, label])
    return frame, rows


def _touches(place: NDArray[np.float32], rows: Labels) -> bool:
    apart = (
        (rows[:, 1] >= place[2])
        | (rows[:, 3] <= place[0])
        | (rows[:, 2] >= place[3])
        | (rows[:, 4] <= place[1])
    )
    return not bool(apart.all())


def _blended(patch: Frame, road: Frame) -> Frame:
    """Lay the patch on the road: whole in the middle, fading to nothing at its edge."""
    height_px, width_px = patch.shape[:2]
    weight = np.zeros((height_px, width_px), np.float32)
    inner = (round(width_px * 0.36), round(height_px * 0.36))
    cv2.ellipse(weight, (width_px // 2, height_px // 2), inner, 0, 0, 360, 1.0, -1)
    weight = cv2.GaussianBlur(weight, (0, 0), max(1.0, min(height_px, width_px) * 0.07))  # type: ignore[assignment]
    edge = weight < 0.05
    tone = road[edge].mean(axis=0) - patch[edge].mean(axis=0)
    mixed = weight[..., None] * (patch + tone) + (1 - weight[..., None]) * road
    return np.asarray(np.clip(mixed, 0, 255), np.uint8)
