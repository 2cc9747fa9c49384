"""Could a damage be seen in this frame at all? Rules with reasons; unknown is never sound. Pure.

Five numbers of the road's part of the picture, each with a limit. The limits were set on the
development roads so that hardly any clean frame is refused; `stadtwart vision quality` measures
them on other roads, spoiled by `vision.training.measure.corruptions`. A wet road that mirrors
the sky, shallow snow and leaves are not recognised.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.runtime.detections import CLASSES, Detections
from vision.runtime.ground import Camera, pixel_of

WIDTH_PX = 640  # the network sees no more; sharpness is judged at the same scale
SKY_SHARE = 0.4  # upper part of a frame that is not looked at
CELLS = (20, 8)  # columns and rows in which detail is compared

DARKEST = 60.0  # median grey of the road, 0..255; clean frames: 78 and more
SATURATED = 250  # grey from which a pixel is burnt to white
MOST_SATURATED = 0.03  # share of the road burnt to white; clean: up to 0.025
LEAST_DETAIL = 3.0  # median of the cells' mean |Laplacian|; clean: 3.4 and more
MOST_SMEAR = 0.36  # of edges gone when smeared along rows or columns (Crete et al. 2007)
LOPSIDED = 1.5  # detail across to detail along, or the reverse; clean: 0.74 to 1.35
STREAKS_SMEAR = 0.2  # rain is thin, so rows stay sharp; a shaken camera blurs them
BLIND_DETAIL = 0.25  # of the median cell: less, and the cell shows nothing
MOST_BLIND = 0.10  # share of blind cells; clean: up to 0.06

VEHICLE_SCORE = 0.25  # higher than for masking: a shadow must not cost a street's assessment
MOST_HIDDEN = 0.5  # share of the lane ahead behind vehicles
LANE_M = (4.0, 14.0, 1.25)  # from, to, half width: the lane in front of the truck
_VEHICLE = CLASSES.index("vehicle")


class Unassessable(Enum):
    """Why a frame says nothing about the road; the value is the counted reason."""

    DARK = "too dark"
    GLARE = "glare"
    BLUR = "blurred"
    WET = "rain on picture"
    LENS = "dirty lens"
    OCCLUDED = "vehicle ahead"


@dataclass(frozen=True, slots=True)
class Look:
    """What the rules read from one frame."""

    light: float  # median grey of the road, 0..255
    saturated: float  # share of the road at or above 250
    detail: float  # median cell of mean |Laplacian|
    blind: float  # share of cells with hardly any detail
    smear_across: float  # share of edges along a row that a row-wise blur leaves, 0..1
    smear_along: float  # the same for columns
    lean: float  # detail across over detail along


def assess(frame: NDArray[np.uint8]) -> Unassessable | None:
    """Return why a BGR frame `(h, w, 3)` cannot be assessed; None: it can."""
    return judge(look_at(frame))


def judge(look: Look) -> Unassessable | None:
    """Apply the rules; the most certain reason comes first."""
    if look.light < DARKEST:
        return Unassessable.DARK
    if look.saturated > MOST_SATURATED:
        return Unassessable.GLARE
    if look.lean > LOPSIDED and look.smear_across < STREAKS_SMEAR:
        return Unassessable.WET
    is_lopsided = look.lean > LOPSIDED or look.lean < 1 / LOPSIDED
    if look.detail < LEAST_DETAIL or max(look.smear_across, look.smear_along) > MOST_SMEAR:
        return Unassessable.BLUR
    if is_lopsided:
        return Unassessable.BLUR
    if look.blind > MOST_BLIND:
        return Unassessable.LENS
    return None


def look_at(frame: NDArray[np.uint8]) -> Look:
    """Measure the road's part of a BGR frame `(h, w, 3)`."""
    road = _road(frame)
    light, saturated = _greys(road)
    grey = road.astype(np.float32)
    across, along = _steps_across(grey), _steps_along(grey)
    detail = np.abs(cv2.Laplacian(grey, cv2.CV_32F))
    cells = cv2.resize(detail, CELLS, interpolation=cv2.INTER_AREA)
    middle = float(np.median(cells))
    return Look(
        light=light,
        saturated=saturated,
        detail=middle,
        blind=float((cells < BLIND_DETAIL * middle).mean()),
        smear_across=_smear(across, _steps_across(cv2.blur(grey, (9, 1)))),
        smear_along=_smear(along, _steps_along(cv2.blur(grey, (1, 9)))),
        lean=cv2.mean(across)[0] / max(cv2.mean(along)[0], 1e-6),
    )


def hidden_share(detections: Detections, camera: Camera | None, size_px: tuple[int, int]) -> float:
    """Return how much of the lane ahead lies behind vehicles, 0..1.

    Without calibration the lane is taken for the middle of the lower picture.
    """
    keep = (detections.classes == _VEHICLE) & (detections.scores >= VEHICLE_SCORE)
    boxes = detections.boxes[keep]
    points = _lane(camera, size_px)
    if len(boxes) == 0 or len(points) == 0:
        return 0.0
    inside = (points[:, None] >= boxes[None, :, :2]) & (points[:, None] <= boxes[None, :, 2:])
    return float(inside.all(axis=2).any(axis=1).mean())


def is_hidden(detections: Detections, camera: Camera | None, size_px: tuple[int, int]) -> bool:
    """Tell whether vehicles hide too much of the lane ahead."""
    return hidden_share(detections, camera, size_px) > MOST_HIDDEN


def _road(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the lower part in grey, at most `WIDTH_PX` wide."""
    height_px, width_px = frame.shape[:2]
    road = frame[int(height_px * SKY_SHARE) :]
    if width_px > WIDTH_PX:
        size = WIDTH_PX, max(CELLS[1], round(road.shape[0] * WIDTH_PX / width_px))
        road = np.asarray(cv2.resize(road, size, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.cvtColor(road, cv2.COLOR_BGR2GRAY), np.uint8)


def _greys(road: NDArray[np.uint8]) -> tuple[float, float]:
    """Return the median grey and the share of burnt pixels, both read from one histogram."""
    counts = cv2.calcHist([road], [0], None, [256], [0, 256]).ravel()
    upto = counts.cumsum()
    middle = [
        int(np.searchsorted(upto, rank + 1)) for rank in ((road.size - 1) // 2, road.size // 2)
    ]
    return sum(middle) / 2, float(counts[SATURATED:].sum() / road.size)


def _steps_across(grey: cv2.typing.MatLike) -> cv2.typing.MatLike:
    """Return how much neighbours in a row differ."""
    return cv2.absdiff(grey[:, 1:], grey[:, :-1])


def _steps_along(grey: cv2.typing.MatLike) -> cv2.typing.MatLike:
    """Return how much neighbours in a column differ."""
    return cv2.absdiff(grey[1:], grey[:-1])


def _smear(sharp: cv2.typing.MatLike, smeared: cv2.typing.MatLike) -> float:
    """Share of the steps between neighbours that a further blur does not take away."""
    lost = cv2.threshold(cv2.subtract(sharp, smeared), 0, 0, cv2.THRESH_TOZERO)[1]
    return 1 - cv2.sumElems(lost)[0] / max(cv2.sumElems(sharp)[0], 1e-6)


def _lane(camera: Camera | None, size_px: tuple[int, int]) -> NDArray[np.float32]:
    """Return pixels `(n, 2)` spread evenly over the lane ahead, inside the picture."""
    width_px, height_px = size_px
    if camera is None:
        x, y = np.meshgrid(np.linspace(0.35, 0.65, 13), np.linspace(0.55, 0.95, 17))
        return np.stack([x.ravel() * width_px, y.ravel() * height_px], axis=1).astype(np.float32)
    near_m, far_m, half_m = LANE_M
    places = [
        pixel_of(camera, ahead_m=float(ahead), right_m=float(right))
        for ahead in np.linspace(near_m, far_m, 21)
        for right in np.linspace(-half_m, half_m, 6)
    ]
    points = np.array([place for place in places if place is not None], np.float32).reshape(-1, 2)
    is_shown = ((points >= 0) & (points < (width_px, height_px))).all(axis=1)
    return np.asarray(points[is_shown], np.float32)
