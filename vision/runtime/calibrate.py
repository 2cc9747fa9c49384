"""Calibrate a camera from four clicked corners of a rectangle on the road. No chessboard. Pure.

Six unknowns (focal length, height, pitch, where the rectangle lies and how it is turned) against
eight pixel coordinates: least squares by Gauss-Newton from several starts. The camera is taken to
stand level (no roll) with its optical axis through the middle of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from vision.runtime.ground import Camera, pixel_of, spot_of

CLICK_ERROR_PX = 2.0  # how well a person hits a corner; a guess
WORST_RESIDUAL_PX = 6.0  # more, and these are not the corners of such a rectangle
JUDGED_AT_M = 10.0  # where the error on the road is stated
FLATTEST_PX = 5.0  # flatter triangles say nothing with clicks of 2 px
ROUNDS = 60
STARTS = [(0.7, 2.0, 8.0), (0.9, 2.5, 20.0), (1.2, 1.5, 5.0), (0.9, 2.5, 35.0), (0.6, 1.5, 15.0)]

Points = Sequence[tuple[float, float]]
"""Near left, near right, far right, far left, in pixels."""


class CalibrationError(ValueError):
    """These four points do not give a camera; the message says what to try.

    `problem` and `values` say the same for a page in another language.
    """

    def __init__(self, problem: str, message: str, **values: float) -> None:
        super().__init__(message)
        self.problem = problem
        self.values = values


@dataclass(frozen=True, slots=True)
class Calibration:
    """The camera, and how far it can be trusted (68 %)."""

    camera: Camera
    residual_px: float  # root mean square at the four corners
    focal_error_px: float
    height_error_m: float
    pitch_error_deg: float
    road_error_m: float  # of a place `JUDGED_AT_M` ahead
    turned_deg: float  # of the rectangle against the view; near 0 where it lies along the street


def calibrate(
    points: Points,
    *,
    rectangle_m: tuple[float, float],
    picture_px: tuple[int, int],
    focal_px: float | None = None,
    forward_m: float = 0.0,
) -> Calibration:
    """Fit the camera; `rectangle_m` is (across, along), `focal_px` fixes a known focal length.

    Raises CalibrationError when the points do not fit any such rectangle.
    """
    _check(points, rectangle_m, picture_px)
    seen = np.array(points, np.float64)
    fits = [
        _fit(_start(seen, begin, rectangle_m, picture_px, focal_px), seen, rectangle_m, picture_px)
        for begin in STARTS
    ]
    sound = [fit for fit in fits if fit is not None]
    if not sound:
        raise CalibrationError(
            "no camera", "no camera sees a rectangle so: click the four corners again"
        )
    values, jacobian, residual = min(sound, key=lambda fit: float((fit[2] ** 2).sum()))
    rms_px = float(np.sqrt((residual**2).sum() / 4))
    if rms_px > WORST_RESIDUAL_PX:
        raise CalibrationError(
            "misfit",
            f"the corners miss a rectangle of {rectangle_m[0]} x {rectangle_m[1]} m by "
            f"{rms_px:.1f} px: check length and width, the order of the corners, and that the "
            "camera is level",
            across_m=rectangle_m[0],
            along_m=rectangle_m[1],
            miss_px=rms_px,
        )
    camera = _camera(values, picture_px, forward_m)
    spread = _spread(jacobian, values, rms_px, is_fixed=focal_px is not None)
    return Calibration(
        camera,
        rms_px,
        float(np.sqrt(spread[0, 0])),
        float(np.sqrt(spread[1, 1])),
        float(np.sqrt(spread[2, 2])),
        _road_error_m(values, spread, picture_px),
        math.degrees(float(values[5])),
    )


def grid(camera: Camera, *, furthest_m: float = 20.0) -> list[list[tuple[float, float]]]:
    """Return lines of a one-metre grid on the road as pixels, for a preview."""
    lines = []
    for right_m in np.arange(-3.0, 3.01, 1.0):
        lines.append(_line(camera, [(a, float(right_m)) for a in np.arange(1.0, furthest_m, 0.25)]))
    for ahead_m in np.arange(1.0, furthest_m + 0.01, 1.0):
        lines.append(_line(camera, [(float(ahead_m), r) for r in np.arange(-3.0, 3.01, 0.25)]))
    return [line for line in lines if len(line) > 1]


def _line(camera: Camera, places: list[tuple[float, float]]) -> list[tuple[float, float]]:
    pixels = [pixel_of(camera, ahead_m=ahead, right_m=right) for ahead, right in places]
    return [
        (round(float(x), 1), round(float(y), 1))
        for x, y in (pixel for pixel in pixels if pixel is not None)
        if -camera.width_px <= x <= 2 * camera.width_px and -50 <= y <= camera.height_px + 200
    ]


def _check(points: Points, rectangle_m: tuple[float, float], picture_px: tuple[int, int]) -> None:
    if len(points) != 4:
        raise CalibrationError("count", f"{len(points)} points: four corners are needed")
    for side_m in rectangle_m:
        if not 0.1 <= side_m <= 100:
            raise CalibrationError(
                "side", f"a side of {side_m} m: give metres, 0.1 to 100", side_m=side_m
            )
    width_px, height_px = picture_px
    for x, y in points:
        if not (0 <= x <= width_px and 0 <= y <= height_px):
            raise CalibrationError(
                "outside",
                f"the corner {x:.0f},{y:.0f} lies outside the picture of {width_px} x "
                f"{height_px} px: click inside it",
                x_px=x,
                y_px=y,
            )
    flat_px = min(
        _height_px(*(points[(start + step) % 4] for step in range(3))) for start in range(4)
    )
    if flat_px < FLATTEST_PX:
        raise CalibrationError(
            "line",
            f"three corners lie on one line within {flat_px:.1f} px: click the four corners of a "
            "rectangle on the road",
            flat_px=flat_px,
        )
    (x1, y1), (x2, y2), (x3, y3), (x4, y4) = points
    if not (x1 < x2 and x4 < x3 and min(y1, y2) > max(y3, y4)):
        raise CalibrationError(
            "order", "click near left, near right, far right, far left, in this order"
        )


def _height_px(*corners: tuple[float, float]) -> float:
    """Return the smallest height of a triangle, how far from one line its corners lie."""
    (ax, ay), (bx, by), (cx, cy) = corners
    twice_px2 = abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay))
    longest_px = max(math.dist(*side) for side in combinations(corners, 2))
    return twice_px2 / longest_px if longest_px else 0.0


def _camera(values: NDArray[np.float64], picture_px: tuple[int, int], forward_m: float) -> Camera:
    width_px, height_px = picture_px
    focal_px, height_m, pitch_deg = (float(value) for value in values[:3])
    return Camera(
        width_px, height_px, focal_px, width_px / 2, height_px / 2, height_m, pitch_deg, forward_m
    )


def _start(
    seen: NDArray[np.float64],
    begin: tuple[float, float, float],
    rectangle_m: tuple[float, float],
    picture_px: tuple[int, int],
    focal_px: float | None,
) -> NDArray[np.float64]:
    """Return (focal, height, pitch, ahead, right, turn); a fixed focal length is negative."""
    share, height_m, pitch_deg = begin
    focal = -focal_px if focal_px else share * picture_px[0]
    values = np.array([abs(focal), height_m, pitch_deg, 5.0, -rectangle_m[0] / 2, 0.0])
    near = spot_of(
        _camera(values, picture_px, 0.0), x_px=seen[0, 0], y_px=seen[0, 1], furthest_m=80
    )
    if near is not None:
        values[3:5] = near.ahead_m, near.right_m
    values[0] = focal
    return values


def _corners(
    values: NDArray[np.float64], rectangle_m: tuple[float, float], picture_px: tuple[int, int]
) -> NDArray[np.float64] | None:
    """Project the rectangle of these values: `(4, 2)` pixels; None where it is not seen."""
    camera = _camera(np.concatenate([np.abs(values[:1]), values[1:]]), picture_px, 0.0)
    across, along = rectangle_m
    ahead, right, turn = (float(value) for value in values[3:6])
    pixels = []
    for x, y in ((0.0, 0.0), (across, 0.0), (across, along), (0.0, along)):
        pixel = pixel_of(
            camera,
            ahead_m=ahead + y * math.cos(turn) - x * math.sin(turn),
            right_m=right + x * math.cos(turn) + y * math.sin(turn),
        )
        if pixel is None:
            return None
        pixels.append(pixel)
    return np.array(pixels)


def _fit(
    values: NDArray[np.float64],
    seen: NDArray[np.float64],
    rectangle_m: tuple[float, float],
    picture_px: tuple[int, int],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]] | None:
    """Levenberg-Marquardt; returns values, Jacobian `(8, 6)` and residual `(8,)`."""
    is_fixed = values[0] < 0
    damping, best = 1e-2, _residual(values, seen, rectangle_m, picture_px)
    if best is None:
        return None
    jacobian = _jacobian(values, seen, rectangle_m, picture_px, best)
    for _ in range(ROUNDS):
        if is_fixed:
            jacobian[:, 0] = 0
        normal = jacobian.T @ jacobian
        scale = np.diag(np.maximum(np.diag(normal), 1e-9)) * damping
        step = np.linalg.solve(normal + scale, -jacobian.T @ best)
        tried = _residual(values + step, seen, rectangle_m, picture_px)
        if tried is None or (tried**2).sum() >= (best**2).sum() or not _is_sane(values + step):
            damping *= 4
            continue
        values, best, damping = values + step, tried, damping / 3
        jacobian = _jacobian(values, seen, rectangle_m, picture_px, best)
    values = np.concatenate([np.abs(values[:1]), values[1:]])
    return (values, jacobian, best) if _is_sane(values) else None


def _is_sane(values: NDArray[np.float64]) -> bool:
    return bool(0.3 <= values[1] <= 10 and -20 <= values[2] <= 80 and abs(values[0]) > 50)


def _residual(
    values: NDArray[np.float64],
    seen: NDArray[np.float64],
    rectangle_m: tuple[float, float],
    picture_px: tuple[int, int],
) -> NDArray[np.float64] | None:
    corners = _corners(values, rectangle_m, picture_px)
    return None if corners is None else np.asarray((corners - seen).ravel())


def _jacobian(
    values: NDArray[np.float64],
    seen: NDArray[np.float64],
    rectangle_m: tuple[float, float],
    picture_px: tuple[int, int],
    here: NDArray[np.float64],
) -> NDArray[np.float64]:
    columns = []
    for index, small in enumerate((0.1, 1e-4, 1e-3, 1e-4, 1e-4, 1e-5)):
        moved = values.copy()
        moved[index] += small
        there = _residual(moved, seen, rectangle_m, picture_px)
        columns.append(np.zeros(8) if there is None else (there - here) / small)
    return np.stack(columns, axis=1)


def _spread(
    jacobian: NDArray[np.float64], values: NDArray[np.float64], rms_px: float, *, is_fixed: bool
) -> NDArray[np.float64]:
    """Return the covariance of the six values, from how well corners are hit."""
    sigma_px = max(CLICK_ERROR_PX, rms_px)
    free = [index for index in range(len(values)) if index or not is_fixed]
    reduced = jacobian[:, free]
    full = np.zeros((len(values), len(values)))
    full[np.ix_(free, free)] = np.linalg.pinv(reduced.T @ reduced) * sigma_px**2
    return full


def _road_error_m(
    values: NDArray[np.float64], spread: NDArray[np.float64], picture_px: tuple[int, int]
) -> float:
    """Carry the errors of focal length, height and pitch to a place on the road."""
    camera = _camera(values, picture_px, 0.0)
    pixel = pixel_of(camera, ahead_m=JUDGED_AT_M, right_m=0.0)
    if pixel is None:
        return math.inf
    slopes = []
    for index, small in enumerate((0.5, 1e-3, 1e-2)):
        moved = values.copy()
        moved[index] += small
        spot = spot_of(
            _camera(moved, picture_px, 0.0), x_px=pixel[0], y_px=pixel[1], furthest_m=1000
        )
        slopes.append((spot.ahead_m - JUDGED_AT_M) / small if spot else math.inf)
    slope = np.array(slopes)
    return float(np.sqrt(max(float(slope @ spread[:3, :3] @ slope), 0.0)))
