"""Label people and vehicles with COCO networks, where two agree or one is sure."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.runtime import engine
from vision.runtime.detections import CLASSES, Detections
from vision.runtime.detector import Detector
from vision.training.overlap import overlap
from vision.training.recipe import Teacher

COCO_TO_SENSITIVE = {
    0: CLASSES.index("person"),
    1: CLASSES.index("vehicle"),  # bicycle
    2: CLASSES.index("vehicle"),  # car
    3: CLASSES.index("vehicle"),  # motorcycle
    5: CLASSES.index("vehicle"),  # bus
    7: CLASSES.index("vehicle"),  # truck
}
SAME_OBJECT = 0.5  # IoU from which two teachers mean the same object


def load(teacher: Teacher, weights: Path) -> list[Detector]:
    """Load the teachers; the floor is the score from which agreement counts."""
    return [
        Detector(engine.load(weights / name), floor=teacher.agree_score) for name in teacher.models
    ]


def label(frame: NDArray[np.uint8], teachers: list[Detector], sure_score: float) -> Detections:
    """Find people and vehicles in a BGR frame; classes are indices into `CLASSES`."""
    views = [_sensitive(teacher.detect(frame)) for teacher in teachers]
    first, others = views[0], views[1:]
    boxes: list[NDArray[np.float32]] = []
    rows: list[tuple[float, int]] = []
    for view in [first, *others]:
        rest = [other for other in views if other is not view]
        for box, score, kind in zip(view.boxes, view.scores, view.classes, strict=True):
            agreed = any(overlap(box, other.boxes).max(initial=0) >= SAME_OBJECT for other in rest)
            known = boxes and overlap(box, np.stack(boxes)).max() >= SAME_OBJECT
            if (agreed or score >= sure_score) and not known:
                boxes.append(box)
                rows.append((float(score), int(kind)))
    if not boxes:
        return Detections.none()
    scores, kinds = zip(*rows, strict=True)
    return Detections(np.stack(boxes), np.array(scores, np.float32), np.array(kinds, np.int64))


def _sensitive(seen: Detections) -> Detections:
    keep = np.isin(seen.classes, list(COCO_TO_SENSITIVE))
    kept = seen.only(keep)
    kinds = np.array([COCO_TO_SENSITIVE[int(kind)] for kind in kept.classes], np.int64)
    return Detections(kept.boxes, kept.scores, kinds)


def yolo_lines(seen: Detections, frame: NDArray[np.uint8]) -> list[str]:
    """Write detections as YOLO label lines: class cx cy w h, shares of the frame."""
    height_px, width_px = frame.shape[:2]
    size = np.array([width_px, height_px], np.float32)
    centres = (seen.boxes[:, :2] + seen.boxes[:, 2:]) / 2 / size
    sides = (seen.boxes[:, 2:] - seen.boxes[:, :2]) / size
    return [
        f"{kind} {c[0]:.6f} {c[1]:.6f} {s[0]:.6f} {s[1]:.6f}"
        for kind, c, s in zip(seen.classes, centres, sides, strict=True)
    ]


def read_frame(path: Path) -> NDArray[np.uint8]:
    """Read a picture as BGR `(h, w, 3)`; raises ValueError when it cannot be decoded."""
    frame = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if frame is None:
        raise ValueError(f"{path} is not a readable picture")
    return np.asarray(frame, np.uint8)
