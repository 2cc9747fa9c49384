"""Keep one box per object: non-maximum suppression within each class."""

from __future__ import annotations

import cv2
import numpy as np

from vision.runtime.detections import Detections


def suppress(candidates: Detections, *, max_overlap: float) -> Detections:
    """Drop each box that overlaps a stronger one of its class by more than `max_overlap` (IoU)."""
    if len(candidates) == 0:
        return candidates
    corners = candidates.boxes
    xywh = np.concatenate([corners[:, :2], corners[:, 2:] - corners[:, :2]], axis=1)
    kept = cv2.dnn.NMSBoxesBatched(
        xywh.tolist(),
        candidates.scores.tolist(),
        candidates.classes.astype(int).tolist(),
        score_threshold=0.0,
        nms_threshold=max_overlap,
    )
    keep = np.zeros(len(candidates), bool)
    keep[np.asarray(kept, int).ravel()] = True
    return candidates.only(keep)
