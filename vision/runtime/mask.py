"""Cut the damage out of a frame and black out people and vehicles; unsure means no picture."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.runtime.detections import CLASSES, SENSITIVE_CLASSES, Detections

MARGIN = 0.5  # of the damage's size, added on each side: a person must recognise the place
MARGIN_PX = 64
LONGEST_PX = 640
JPEG_QUALITY = 85
ENLARGE = 0.15  # of a person's or vehicle's box, each side: boxes are a little tight
ENLARGE_PX = 8
MOST_MASKED = 0.3  # share of the crop; beyond it the picture shows traffic, not road
ROAD_SHARE = 0.6  # lower part of an uncalibrated picture that is taken for road
SMALLEST_PX = 16
_SENSITIVE = [CLASSES.index(name) for name in SENSITIVE_CLASSES]

Corners = tuple[int, int, int, int]
"""x1 y1 x2 y2 in whole pixels."""


class Withheld(Enum):
    """Why a sighting goes without a picture; the value is the counted reason."""

    UNSURE = "mask unsure"  # the detector's output was incomplete or not finite
    OFF_ROAD = "damage off the road"  # nothing of it lies in the road region
    TOO_MUCH = "too much masked"
    NOT_ENCODED = "picture not encoded"


@dataclass(frozen=True, slots=True)
class MaskedCrop:
    """A JPEG that may leave the truck, and what was done to it."""

    jpeg: bytes
    sha256: str
    masked: int  # people and vehicles blacked out in it
    crop: Corners  # in the frame
    damage: Corners  # in the JPEG
    boxes: tuple[Corners, ...] = ()  # blacked out, in the frame


def road_top_px(*, height_px: int, horizon_px: float | None) -> int:
    """Return the first row that counts as road; None as horizon: camera not calibrated."""
    top_px = height_px * (1 - ROAD_SHARE) if horizon_px is None else horizon_px
    return int(np.clip(np.ceil(top_px), 0, height_px))


def masked_crop(
    frame: NDArray[np.uint8],
    damage: NDArray[np.float32],
    detections: Detections,
    *,
    mask_threshold: float,
    road_top_px: int,
) -> MaskedCrop | Withheld:
    """Cut the damage `(4,)` x1 y1 x2 y2 out of a BGR frame; everything sensitive turns black.

    People and vehicles count from `mask_threshold` on. Only rows from `road_top_px` on are kept.
    """
    if not _is_usable(damage, detections):
        return Withheld.UNSURE
    crop = _crop(frame, damage, road_top_px)
    if crop is None:
        return Withheld.OFF_ROAD
    left, top, right, bottom = crop
    hidden = np.zeros((bottom - top, right - left), bool)
    boxes: list[Corners] = []
    for box in sensitive_boxes(detections, mask_threshold):
        rows, columns = _inside(box, crop)
        if hidden[rows, columns].size:
            hidden[rows, columns] = True
            shown = columns.start, rows.start, columns.stop, rows.stop
            boxes.append(_shifted(shown, left, top))
    if hidden.mean() > MOST_MASKED:
        return Withheld.TOO_MUCH
    picture = frame[top:bottom, left:right].copy()
    picture[hidden] = 0
    return _encode(picture, crop, damage, tuple(boxes))


def _is_usable(damage: NDArray[np.float32], detections: Detections) -> bool:
    return bool(
        detections.is_complete
        and np.isfinite(detections.boxes).all()
        and np.isfinite(detections.scores).all()
        and np.isfinite(damage).all()
    )


def _crop(
    frame: NDArray[np.uint8], damage: NDArray[np.float32], road_top_px: int
) -> Corners | None:
    height_px, width_px = frame.shape[:2]
    x1, y1, x2, y2 = (float(edge) for edge in damage)
    if y2 - road_top_px < 1:
        return None
    across_px, down_px = (max(MARGIN_PX, MARGIN * side) for side in (x2 - x1, y2 - y1))
    left, right = max(0, int(x1 - across_px)), min(width_px, int(np.ceil(x2 + across_px)))
    top = max(road_top_px, int(y1 - down_px))
    bottom = min(height_px, int(np.ceil(y2 + down_px)))
    if right - left < SMALLEST_PX or bottom - top < SMALLEST_PX:
        return None
    return left, top, right, bottom


def sensitive_boxes(detections: Detections, mask_threshold: float) -> NDArray[np.float32]:
    """Return the boxes of people and vehicles, enlarged: `(n, 4)`."""
    keep = np.isin(detections.classes, _SENSITIVE) & (detections.scores >= mask_threshold)
    boxes = detections.boxes[keep]
    size = np.tile(boxes[:, 2:] - boxes[:, :2], (1, 2))
    grow = np.maximum(ENLARGE * size, ENLARGE_PX) * np.array([-1, -1, 1, 1])
    return np.asarray(boxes + grow, np.float32)


def _inside(box: NDArray[np.float32], crop: Corners) -> tuple[slice, slice]:
    """Return rows and columns of the crop that the box covers; outwards to whole pixels."""
    left, top, right, bottom = crop
    x1, y1 = np.floor(box[:2] - (left, top)).astype(int)
    x2, y2 = np.ceil(box[2:] - (left, top)).astype(int)
    return slice(max(0, y1), max(0, min(bottom - top, y2))), slice(
        max(0, x1), max(0, min(right - left, x2))
    )


def _shifted(box: Corners, left: int, top: int) -> Corners:
    return int(box[0]) + left, int(box[1]) + top, int(box[2]) + left, int(box[3]) + top


def _encode(
    picture: NDArray[np.uint8],
    crop: Corners,
    damage: NDArray[np.float32],
    boxes: tuple[Corners, ...],
) -> MaskedCrop | Withheld:
    height_px, width_px = picture.shape[:2]
    scale = min(1.0, LONGEST_PX / max(width_px, height_px))
    if scale < 1:
        size = max(1, round(width_px * scale)), max(1, round(height_px * scale))
        picture = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    written, jpeg = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not written:
        return Withheld.NOT_ENCODED
    data = jpeg.tobytes()
    limits = np.array([picture.shape[1], picture.shape[0]] * 2)
    shown = np.clip((damage - np.array([*crop[:2]] * 2)) * scale, 0, limits)
    x1, y1, x2, y2 = (round(float(edge)) for edge in shown)
    digest = sha256(data).hexdigest()
    return MaskedCrop(data, digest, len(boxes), crop, (x1, y1, x2, y2), boxes)
