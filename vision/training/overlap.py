"""Intersection over union of boxes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vision.runtime.detections import Boxes


def overlap(box: NDArray[np.float32], boxes: Boxes) -> NDArray[np.float32]:
    """Intersection over union of one box `(4,)` with boxes `(n, 4)`, x1 y1 x2 y2."""
    low = np.maximum(box[:2], boxes[:, :2])
    high = np.minimum(box[2:], boxes[:, 2:])
    shared = np.clip(high - low, 0, None).prod(axis=1)
    areas = (boxes[:, 2:] - boxes[:, :2]).prod(axis=1) + (box[2:] - box[:2]).prod()
    return np.asarray(shared / np.maximum(areas - shared, 1e-9), np.float32)
