"""The camera on the flat road: from pixels to metres, with honest errors."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.runtime.ground import (
    FURTHEST_M,
    Camera,
    horizon_px,
    patch_of,
    patch_uncalibrated,
    spot_of,
)

TRUCK = Camera(1280, 720, 1000, 640, 360, height_m=2.5, pitch_deg=15)
LEVEL = Camera(1280, 720, 1000, 640, 360, height_m=2.0, pitch_deg=0)


def pixel_of(camera: Camera, *, ahead_m: float, right_m: float) -> tuple[float, float]:
    """Project a point on the road into the picture: written independently of the inverse."""
    pitch = math.radians(camera.pitch_deg)
    depth_m = ahead_m * math.cos(pitch) + camera.height_m * math.sin(pitch)
    down_m = camera.height_m * math.cos(pitch) - ahead_m * math.sin(pitch)
    return (
        camera.centre_x_px + camera.focal_px * right_m / depth_m,
        camera.centre_y_px + camera.focal_px * down_m / depth_m,
    )


def test_a_level_camera_sees_the_road_by_the_rule_of_three() -> None:
    # 2 m above the road, 200 of 1000 px below the centre: 2 / 0.2 = 10 m ahead
    spot = spot_of(LEVEL, x_px=640 + 100, y_px=560)
    assert spot is not None
    assert spot.ahead_m == pytest.approx(10)
    assert spot.right_m == pytest.approx(1)


@given(
    ahead_m=st.floats(1.0, 24.9),
    right_m=st.floats(-10, 10),
    pitch_deg=st.floats(-5, 45),
    height_m=st.floats(0.5, 4),
)
def test_a_point_on_the_road_survives_the_picture_and_back(
    ahead_m: float, right_m: float, pitch_deg: float, height_m: float
) -> None:
    camera = Camera(1280, 720, 1000, 640, 360, height_m=height_m, pitch_deg=pitch_deg)
    x_px, y_px = pixel_of(camera, ahead_m=ahead_m, right_m=right_m)
    spot = spot_of(camera, x_px=x_px, y_px=y_px)
    assert spot is not None
    assert spot.ahead_m == pytest.approx(ahead_m, abs=1e-6)
    assert spot.right_m == pytest.approx(right_m, abs=1e-6)


def test_there_is_no_road_above_the_horizon() -> None:
    row = horizon_px(TRUCK)
    assert row == pytest.approx(360 - 1000 * math.tan(math.radians(15)))
    assert spot_of(TRUCK, x_px=640, y_px=row - 1, furthest_m=1e9) is None
    assert spot_of(TRUCK, x_px=640, y_px=row + 1, furthest_m=1e9) is not None


def test_what_is_further_than_the_limit_is_not_measured() -> None:
    x_px, y_px = pixel_of(TRUCK, ahead_m=FURTHEST_M + 0.1, right_m=0)
    assert spot_of(TRUCK, x_px=x_px, y_px=y_px) is None


def test_the_error_of_half_a_degree_grows_with_the_square_of_the_distance() -> None:
    # level camera: d(ahead)/d(pitch) = (h² + ahead²) / h
    x_px, y_px = pixel_of(LEVEL, ahead_m=20, right_m=0)
    spot = spot_of(LEVEL, x_px=x_px, y_px=y_px)
    assert spot is not None
    by_pitch_m = (2.0**2 + 20**2) / 2.0 * math.radians(0.5)
    by_row_m = 20**2 / 2.0 * 2 / 1000
    assert spot.error_m == pytest.approx(math.hypot(by_pitch_m, by_row_m), rel=0.1)


@given(near_m=st.floats(3, 12), length_m=st.floats(0.3, 3), width_m=st.floats(0.2, 2))
def test_the_area_of_a_box_is_that_of_the_road_it_covers(
    near_m: float, length_m: float, width_m: float
) -> None:
    far_m = near_m + length_m
    middle_m = (near_m + far_m) / 2
    left, bottom = pixel_of(TRUCK, ahead_m=near_m, right_m=-width_m / 2)
    right, _ = pixel_of(TRUCK, ahead_m=near_m, right_m=width_m / 2)
    _, top = pixel_of(TRUCK, ahead_m=far_m, right_m=0)
    patch = patch_of(TRUCK, (left, top, right, bottom))
    assert patch is not None
    if patch.is_cut:
        assert patch.area_m2 is None
        return
    # the box is a trapezium on the road: its far side is longer by the ratio of depths
    pitch = math.radians(TRUCK.pitch_deg)
    near_depth, far_depth = (
        at * math.cos(pitch) + TRUCK.height_m * math.sin(pitch) for at in (near_m, far_m)
    )
    far_width_m = width_m * far_depth / near_depth
    assert patch.area_m2 == pytest.approx((width_m + far_width_m) / 2 * length_m, rel=1e-6)
    assert patch.area_error_m2 is not None
    assert patch.area_error_m2 > 0
    assert patch.spot.ahead_m == pytest.approx(middle_m)


def test_a_damage_cut_by_the_picture_has_a_place_but_no_area() -> None:
    patch = patch_of(TRUCK, (600, 600, 700, 719.5))
    assert patch is not None
    assert patch.is_cut
    assert patch.area_m2 is None


def test_a_damage_that_begins_too_far_away_is_left_for_later() -> None:
    row = horizon_px(TRUCK)
    assert patch_of(TRUCK, (600, row - 50, 700, row - 10)) is None
    assert patch_of(TRUCK, (600, row + 1, 700, row + 20)) is None


def test_a_long_crack_from_near_to_the_horizon_is_placed_at_its_near_end() -> None:
    patch = patch_of(TRUCK, (600, horizon_px(TRUCK) + 1, 700, 600))
    assert patch is not None
    near = spot_of(TRUCK, x_px=650, y_px=600)
    assert patch.spot == near
    assert patch.area_m2 is None


def test_without_calibration_the_place_is_a_guess_that_says_so() -> None:
    patch = patch_uncalibrated((310, 200, 330, 220), width_px=640)
    assert (patch.spot.ahead_m, patch.spot.error_m, patch.area_m2) == (8, 8, None)
    assert patch.spot.right_m == pytest.approx(0)


def test_a_smaller_picture_of_the_same_camera_gives_the_same_metres() -> None:
    half = TRUCK.scaled_to(width_px=640, height_px=360)
    whole = spot_of(TRUCK, x_px=800, y_px=600)
    small = spot_of(half, x_px=400, y_px=300)
    assert whole is not None
    assert small is not None
    assert small.ahead_m == pytest.approx(whole.ahead_m)


def test_a_picture_of_another_shape_does_not_fit_the_camera() -> None:
    with pytest.raises(ValueError, match="640 x 640 px does not fit"):
        TRUCK.scaled_to(width_px=640, height_px=640)
