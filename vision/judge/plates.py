"""Number plates by LPD-YuNet: one convolutional network, its anchors and its decoding.

After OpenCV Zoo, models/license_plate_detection_yunet/lpd_yunet.py (Apache-2.0): anchors, variance
and score; the input is padded to whole strides here, so any size of picture may come.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

OUTPUTS = ("loc", "conf", "iou")
STRIDES_PX = (8, 16, 32, 64)
ANCHORS_PX = ((10, 16, 24), (32, 48), (64, 96), (128, 192, 256))  # sides, by stride
VARIANCE = 0.1
CORNERS = (4, 6, 10, 12)  # columns of `loc` where a corner's x and y stand
SAME_PLATE = 0.3  # overlap from which two boxes mean one plate

Floats = NDArray[np.float32]


class Plates:
    """The network in memory; not for two threads at once."""

    def __init__(self, model: Path) -> None:
        self._network = cv2.dnn.readNet(str(model))

    def find(self, picture: NDArray[np.uint8], *, score_from: float) -> tuple[Floats, Floats]:
        """Return boxes `(n, 4)` x1 y1 x2 y2 in pixels of the picture, and scores `(n,)`."""
        height_px, width_px = (
            -(-side // STRIDES_PX[-1]) * STRIDES_PX[-1] for side in picture.shape[:2]
        )
        padded = np.zeros((height_px, width_px, 3), np.uint8)
        padded[: picture.shape[0], : picture.shape[1]] = picture
        self._network.setInput(cv2.dnn.blobFromImage(padded))
        loc, conf, iou = (np.asarray(one, np.float32) for one in self._network.forward(OUTPUTS))
        boxes, scores = decode(loc, conf, iou, anchors(width_px, height_px))
        return best(boxes, scores, score_from=score_from)


@lru_cache(maxsize=8)  # uploads come in few shapes
def anchors(width_px: int, height_px: int) -> Floats:
    """Return centre and side of each anchor `(n, 3)` in pixels, in the network's order."""
    levels = []
    for stride_px, sides_px in zip(STRIDES_PX, ANCHORS_PX, strict=True):
        rows, columns, sides = np.meshgrid(
            (np.arange(height_px // stride_px) + 0.5) * stride_px,
            (np.arange(width_px // stride_px) + 0.5) * stride_px,
            sides_px,
            indexing="ij",
        )
        levels.append(np.stack([columns, rows, sides], axis=-1).reshape(-1, 3))
    return np.concatenate(levels).astype(np.float32)


def decode(loc: Floats, conf: Floats, iou: Floats, at: Floats) -> tuple[Floats, Floats]:
    """Turn the three outputs into upright boxes `(n, 4)` and scores `(n,)`.

    A score is the geometric mean of "is a plate" and "the box fits".
    """
    scores = np.sqrt(conf[:, 1] * np.clip(iou[:, 0], 0, 1))
    corners = np.stack(
        [at[:, :2] + loc[:, one : one + 2] * VARIANCE * at[:, 2:] for one in CORNERS], axis=1
    )
    return np.concatenate([corners.min(axis=1), corners.max(axis=1)], axis=1), scores


def best(boxes: Floats, scores: Floats, *, score_from: float) -> tuple[Floats, Floats]:
    """Keep the surest of boxes that mean one plate."""
    sized = np.concatenate([boxes[:, :2], boxes[:, 2:] - boxes[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxes(sized.tolist(), scores.tolist(), score_from, SAME_PLATE)
    index = np.asarray(kept, np.int64).reshape(-1)
    return boxes[index], scores[index]
