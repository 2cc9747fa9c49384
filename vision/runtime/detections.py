"""Detections of one frame: boxes, scores and classes side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Boxes = NDArray[np.float32]
"""`(n, 4)` as x1 y1 x2 y2 in pixels."""

DAMAGE_CLASSES = ("D00", "D10", "D20", "D40")
"""Classes of RDD2022: longitudinal crack, transverse crack, alligator crack, pothole."""

SENSITIVE_CLASSES = ("person", "vehicle")
"""What has to be masked before a picture may leave the truck."""

CLASSES = DAMAGE_CLASSES + SENSITIVE_CLASSES
"""Class names in the order of the network's outputs."""


@dataclass(frozen=True, slots=True)
class Detections:
    """What a detector saw in one frame, in camera pixels, strongest first."""

    boxes: Boxes  # (n, 4) x1 y1 x2 y2
    scores: NDArray[np.float32]  # (n,) 0..1
    classes: NDArray[np.int64]  # (n,) index into the detector's class names
    is_complete: bool = True  # False: candidates were left out, so something may be missing

    def __len__(self) -> int:
        return len(self.scores)

    def only(self, keep: NDArray[np.bool_]) -> Detections:
        """Keep the rows where `keep` `(n,)` is true."""
        return Detections(self.boxes[keep], self.scores[keep], self.classes[keep], self.is_complete)

    @classmethod
    def none(cls) -> Detections:
        """Return the detections of an empty road."""
        return cls(np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros(0, np.int64))
