"""An installer clicks four corners of a known rectangle and gets the camera that saw it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.runtime.calibrate import CalibrationError, calibrate, grid
from vision.runtime.ground import Camera, pixel_of, spot_of

PICTURE_PX = (1280, 800)
RECTANGLE_M = (2.5, 5.0)


def corners(
    camera: Camera, *, ahead_m: float = 5.0, right_m: float = -1.0
) -> list[tuple[float, float]]:
    across, along = RECTANGLE_M
    places = [(0.0, 0.0), (0.0, across), (along, across), (along, 0.0)]
    pixels = [pixel_of(camera, ahead_m=ahead_m + a, right_m=right_m + r) for a, r in places]
    assert all(pixel is not None for pixel in pixels)
    return [pixel for pixel in pixels if pixel is not None]


def camera(focal_px: float, height_m: float, pitch_deg: float) -> Camera:
    return Camera(*PICTURE_PX, focal_px, 640, 400, height_m=height_m, pitch_deg=pitch_deg)


@settings(max_examples=25, deadline=None)
@given(
    focal_px=st.floats(700, 1600),
    height_m=st.floats(1.2, 3.2),
    pitch_deg=st.floats(6, 24),
)
def test_exact_corners_give_the_exact_camera(
    focal_px: float, height_m: float, pitch_deg: float
) -> None:
    true = camera(focal_px, height_m, pitch_deg)
    points = corners(true)
    if not all(0 <= x <= PICTURE_PX[0] and 0 <= y <= PICTURE_PX[1] for x, y in points):
        return  # the rectangle is not wholly in the picture
    found = calibrate(points, rectangle_m=RECTANGLE_M, picture_px=PICTURE_PX)
    assert found.residual_px < 0.1
    assert found.camera.focal_px == pytest.approx(focal_px, rel=0.01)
    assert found.camera.height_m == pytest.approx(height_m, rel=0.01)
    assert found.camera.pitch_deg == pytest.approx(pitch_deg, abs=0.2)


def test_unsteady_clicks_are_covered_by_the_stated_errors() -> None:
    true = camera(1120, 2.2, 18)
    random = np.random.default_rng(3)
    within = []
    for _ in range(40):
        points = [(x + random.normal(0, 2), y + random.normal(0, 2)) for x, y in corners(true)]
        found = calibrate(points, rectangle_m=RECTANGLE_M, picture_px=PICTURE_PX)
        pixel = pixel_of(true, ahead_m=10, right_m=0)
        assert pixel is not None
        spot = spot_of(found.camera, x_px=pixel[0], y_px=pixel[1])
        assert spot is not None
        within.append(abs(spot.ahead_m - 10) <= 2 * found.road_error_m)
    assert np.mean(within) >= 0.85


def test_a_known_focal_length_is_kept_and_narrows_the_error() -> None:
    points = corners(camera(1120, 2.2, 18))
    free = calibrate(points, rectangle_m=RECTANGLE_M, picture_px=PICTURE_PX)
    fixed = calibrate(points, rectangle_m=RECTANGLE_M, picture_px=PICTURE_PX, focal_px=1120)
    assert fixed.camera.focal_px == 1120
    assert fixed.focal_error_px == 0
    assert fixed.height_error_m < free.height_error_m


@pytest.mark.parametrize(
    ("points", "says"),
    [
        ([(0, 0)], "four corners"),
        ([(500, 300), (800, 300), (900, 700), (300, 700)], "in this order"),
        ([(300, 900), (900, 900), (800, 300), (500, 300)], "outside"),
        ([(100, 790), (300, 500), (1200, 480), (110, 470)], "check length and width"),
    ],
)
def test_points_that_give_no_camera_are_refused_with_a_remedy(
    points: list[tuple[float, float]], says: str
) -> None:
    with pytest.raises(CalibrationError, match=says):
        calibrate(points, rectangle_m=RECTANGLE_M, picture_px=PICTURE_PX)


def test_the_preview_shows_metres_where_they_are() -> None:
    lines = grid(camera(1120, 2.2, 18))
    assert len(lines) > 15
    spot = spot_of(camera(1120, 2.2, 18), x_px=lines[0][20][0], y_px=lines[0][20][1])
    assert spot is not None
    assert spot.right_m == pytest.approx(-3.0, abs=0.01)
