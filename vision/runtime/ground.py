"""Flat-ground camera: from a pixel to metres on the road, each with its 68 % error. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from vision.runtime.lens import bend, straighten

PITCH_ERROR_DEG = 0.5  # a truck nods when it brakes; a guess until an inertial sensor says more
PIXEL_ERROR_PX = 2.0  # how well a detector places an edge
FURTHEST_M = 25.0  # beyond, half a degree of pitch moves the point by more than 2 m
UNCALIBRATED_AHEAD_M = 8.0  # where a dashcam sees most damages; a guess, stated as such
UNCALIBRATED_ERROR_M = 8.0
UNCALIBRATED_FOCAL = 0.9  # focal length per picture width of an ordinary dashcam (58 degrees)
CUT_PX = 2.0  # a box this close to the picture's edge goes on beyond it

Box = tuple[float, float, float, float]
"""x1 y1 x2 y2 in camera pixels."""


@dataclass(frozen=True, slots=True)
class Camera:
    """A pinhole above a flat road; pitch is positive downwards."""

    width_px: int
    height_px: int
    focal_px: float
    centre_x_px: float
    centre_y_px: float
    height_m: float  # above the road
    pitch_deg: float
    forward_m: float = 0.0  # ahead of the GPS antenna
    k1: float = 0.0  # radial distortion, see vision.runtime.lens
    k2: float = 0.0

    def scaled_to(self, *, width_px: int, height_px: int) -> Camera:
        """Return the same camera for a picture of another size and the same shape.

        Raises ValueError when the shape differs by more than 1 %.
        """
        scale = width_px / self.width_px
        if abs(height_px / self.height_px / scale - 1) > 0.01:
            raise ValueError(
                f"picture of {width_px} x {height_px} px does not fit a camera of "
                f"{self.width_px} x {self.height_px} px"
            )
        return replace(
            self,
            width_px=width_px,
            height_px=height_px,
            focal_px=self.focal_px * scale,
            centre_x_px=self.centre_x_px * scale,
            centre_y_px=self.centre_y_px * scale,
        )


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the road, seen from the camera."""

    ahead_m: float
    right_m: float  # negative: left of the camera
    error_m: float  # 68 % radius
    along_error_m: float = 0.0  # 68 %, in the direction of view
    across_error_m: float = 0.0  # 68 %


@dataclass(frozen=True, slots=True)
class Patch:
    """A box laid on the road."""

    spot: Spot  # its middle
    area_m2: float | None  # of the box, so an upper bound of the damage; None: not measurable
    area_error_m2: float | None
    is_cut: bool  # goes on beyond the picture or beyond `FURTHEST_M`


def horizon_px(camera: Camera) -> float:
    """Return the row where the flat road ends; above it there is no ground."""
    return camera.centre_y_px - camera.focal_px * math.tan(math.radians(camera.pitch_deg))


def pixel_of(camera: Camera, *, ahead_m: float, right_m: float) -> tuple[float, float] | None:
    """Return the pixel `(x, y)` where a place on the road is seen; None behind the camera."""
    pitch = math.radians(camera.pitch_deg)
    depth_m = ahead_m * math.cos(pitch) + camera.height_m * math.sin(pitch)
    down_m = camera.height_m * math.cos(pitch) - ahead_m * math.sin(pitch)
    if depth_m <= 1e-9:
        return None
    across, below = bend(right_m / depth_m, down_m / depth_m, k1=camera.k1, k2=camera.k2)
    return (
        camera.centre_x_px + camera.focal_px * across,
        camera.centre_y_px + camera.focal_px * below,
    )


def spot_of(
    camera: Camera, *, x_px: float, y_px: float, furthest_m: float = FURTHEST_M
) -> Spot | None:
    """Lay one pixel on the road; None above the horizon or further than `furthest_m`.

    The error adds pitch, row and column in squares, each by the shift it causes.
    """
    here = _project(camera, x_px, y_px, 0.0)
    if here is None or here[0] > furthest_m:
        return None
    shifts = [
        _project(camera, x_px, y_px, PITCH_ERROR_DEG),
        _project(camera, x_px, y_px + PIXEL_ERROR_PX, 0.0),
        _project(camera, x_px + PIXEL_ERROR_PX, y_px, 0.0),
    ]
    known = [shift for shift in shifts if shift is not None]
    along_m = math.hypot(*(shift[0] - here[0] for shift in known))
    across_m = math.hypot(*(shift[1] - here[1] for shift in known))
    return Spot(here[0], here[1], math.hypot(along_m, across_m), along_m, across_m)


def patch_of(camera: Camera, box: Box, *, furthest_m: float = FURTHEST_M) -> Patch | None:
    """Lay a box on the road; None when its lower edge is above the horizon or too far away.

    A box that reaches beyond the picture or beyond `furthest_m` still has a place (that of
    its visible part) but no area.
    """
    left_px, top_px, right_px, bottom_px = box
    middle_px = (left_px + right_px) / 2
    near = spot_of(camera, x_px=middle_px, y_px=bottom_px, furthest_m=furthest_m)
    if near is None:
        return None
    far = spot_of(camera, x_px=middle_px, y_px=top_px, furthest_m=furthest_m)
    is_cut = far is None or _touches_edge(camera, box)
    if far is None:
        far = Spot(furthest_m, near.right_m * furthest_m / max(near.ahead_m, 0.1), furthest_m)
        middle = near  # the near end is the only one that is known
    else:
        middle = Spot(
            (near.ahead_m + far.ahead_m) / 2,
            (near.right_m + far.right_m) / 2,
            (near.error_m + far.error_m) / 2,
            (near.along_error_m + far.along_error_m) / 2,
            (near.across_error_m + far.across_error_m) / 2,
        )
    if is_cut:
        return Patch(middle, None, None, True)
    area_m2 = _area_m2(camera, box, 0.0, 0.0)
    tilted_m2 = _area_m2(camera, box, PITCH_ERROR_DEG, 0.0)
    grown_m2 = _area_m2(camera, box, 0.0, PIXEL_ERROR_PX)
    return Patch(middle, area_m2, math.hypot(tilted_m2 - area_m2, grown_m2 - area_m2), False)


def patch_uncalibrated(box: Box, *, width_px: int) -> Patch:
    """Guess the place of a box without calibration: some way ahead, no area, a large error."""
    off_centre = (box[0] + box[2]) / 2 / width_px - 0.5
    right_m = UNCALIBRATED_AHEAD_M * off_centre / UNCALIBRATED_FOCAL
    error_m = UNCALIBRATED_ERROR_M
    spot = Spot(UNCALIBRATED_AHEAD_M, right_m, error_m, error_m, error_m / 4)
    return Patch(spot, None, None, False)


def _project(
    camera: Camera, x_px: float, y_px: float, tilt_deg: float
) -> tuple[float, float] | None:
    """Return (ahead, right) in metres; the ray is turned by the pitch and cut with the road."""
    pitch = math.radians(camera.pitch_deg + tilt_deg)
    across, below = straighten(
        (x_px - camera.centre_x_px) / camera.focal_px,
        (y_px - camera.centre_y_px) / camera.focal_px,
        k1=camera.k1,
        k2=camera.k2,
    )
    down = math.sin(pitch) + below * math.cos(pitch)
    forward = math.cos(pitch) - below * math.sin(pitch)
    if down <= 1e-9 or forward <= 0:
        return None
    reach_m = camera.height_m / down
    return reach_m * forward, reach_m * across


def _area_m2(camera: Camera, box: Box, tilt_deg: float, grow_px: float) -> float:
    """Return the area of the box's four corners on the road, by the shoelace formula."""
    left, top, right, bottom = box
    corners = [
        _project(camera, left, bottom + grow_px, tilt_deg),
        _project(camera, right + grow_px, bottom + grow_px, tilt_deg),
        _project(camera, right + grow_px, top, tilt_deg),
        _project(camera, left, top, tilt_deg),
    ]
    points = [corner for corner in corners if corner is not None]
    turned = [*points[1:], points[0]]
    pairs = zip(points, turned, strict=True)
    return abs(sum(a * d - c * b for (a, b), (c, d) in pairs)) / 2


def _touches_edge(camera: Camera, box: Box) -> bool:
    return (
        box[0] <= CUT_PX
        or box[2] >= camera.width_px - CUT_PX
        or box[3] >= camera.height_px - CUT_PX
    )
