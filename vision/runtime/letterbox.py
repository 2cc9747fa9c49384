"""Shrink and pad a frame to the network's input, and find the way back."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.runtime.detections import Boxes

PADDING_GREY = 114  # the grey that Ultralytics pads with; the network was trained beside it


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a frame was shrunk and padded; keeps its inverse beside it."""

    scale: float  # model pixels per camera pixel
    left_px: int
    top_px: int

    def to_frame(self, boxes: Boxes) -> Boxes:
        """Carry boxes `(n, 4)` x1 y1 x2 y2 from model pixels to camera pixels."""
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise ValueError(f"boxes must be (n, 4), got {boxes.shape}")
        pad = np.array([self.left_px, self.top_px] * 2, dtype=np.float32)
        return (boxes - pad) / np.float32(self.scale)

    def to_model(self, boxes: Boxes) -> Boxes:
        """Carry boxes `(n, 4)` x1 y1 x2 y2 from camera pixels to model pixels."""
        if boxes.ndim != 2 or boxes.shape[1] != 4:
            raise ValueError(f"boxes must be (n, 4), got {boxes.shape}")
        pad = np.array([self.left_px, self.top_px] * 2, dtype=np.float32)
        return boxes * np.float32(self.scale) + pad


def fit(*, frame_width_px: int, frame_height_px: int, width_px: int, height_px: int) -> Letterbox:
    """Choose the largest scale at which the frame fits, and centre it."""
    if min(frame_width_px, frame_height_px) < 1:
        raise ValueError(f"frame of {frame_width_px} x {frame_height_px} px has no content")
    scale = min(width_px / frame_width_px, height_px / frame_height_px)
    left_px = (width_px - round(frame_width_px * scale)) // 2
    top_px = (height_px - round(frame_height_px * scale)) // 2
    return Letterbox(scale, left_px, top_px)


def letterbox(
    frame: NDArray[np.uint8], *, width_px: int, height_px: int
) -> tuple[NDArray[np.float32], Letterbox]:
    """Turn a BGR frame `(h, w, 3)` into a network input `(1, 3, height, width)`, RGB in 0..1."""
    frame_height_px, frame_width_px = frame.shape[:2]
    box = fit(
        frame_width_px=frame_width_px,
        frame_height_px=frame_height_px,
        width_px=width_px,
        height_px=height_px,
    )
    inner_width_px = round(frame_width_px * box.scale)
    inner_height_px = round(frame_height_px * box.scale)
    canvas = np.full((height_px, width_px, 3), PADDING_GREY, np.uint8)
    shrunk = cv2.resize(frame, (inner_width_px, inner_height_px), interpolation=cv2.INTER_LINEAR)
    canvas[
        box.top_px : box.top_px + inner_height_px, box.left_px : box.left_px + inner_width_px
    ] = shrunk
    blob = np.empty((1, 3, height_px, width_px), np.float32)
    for channel, plane in enumerate(cv2.split(canvas)):  # half the time of blobFromImage
        np.multiply(plane, np.float32(1 / 255), out=blob[0, 2 - channel])
    return blob, box
