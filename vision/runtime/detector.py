"""One frame in, detections out: letterbox, network, decode, suppress."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vision.runtime.decode import decode
from vision.runtime.detections import Detections
from vision.runtime.engine import Engine
from vision.runtime.letterbox import letterbox
from vision.runtime.suppress import suppress


@dataclass(frozen=True, slots=True)
class Detector:
    """A network with the floor below which nothing is reported."""

    engine: Engine
    floor: float = 0.05  # scores below this are noise even for the sensitive classes
    max_overlap: float = 0.6  # IoU above which two boxes of a class are one object
    always: tuple[int, ...] = ()  # classes that count even where another is stronger

    def detect(self, frame: NDArray[np.uint8]) -> Detections:
        """Find damages, people and vehicles in a BGR frame `(h, w, 3)`."""
        blob, box = letterbox(frame, width_px=self.engine.width_px, height_px=self.engine.height_px)
        candidates = decode(self.engine.forward(blob), floor=self.floor, always=self.always)
        seen = suppress(candidates, max_overlap=self.max_overlap)
        height_px, width_px = frame.shape[:2]
        corners = box.to_frame(seen.boxes)
        limits = np.array([width_px, height_px] * 2, np.float32)
        return Detections(np.clip(corners, 0, limits), seen.scores, seen.classes, seen.is_complete)
