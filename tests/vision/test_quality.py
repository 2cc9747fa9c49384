"""A frame that shows no road says so, with a reason; an ordinary one is never refused."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from vision.runtime import quality
from vision.runtime.detections import CLASSES, Detections
from vision.runtime.ground import Camera, pixel_of, spot_of
from vision.runtime.quality import Unassessable
from vision.training.measure.corruptions import CORRUPTIONS, SEVERITIES, corrupt
from vision.training.measure.quality_check import check

FRAMES = Path(__file__).parents[2] / "datasets/musterstadt/drive/frames"
CAMERA = Camera(640, 400, 560, 320, 200, height_m=2.2, pitch_deg=23)
SIZE_PX = (640, 400)


def frame(number: int = 40) -> NDArray[np.uint8]:
    return np.asarray(cv2.imread(str(FRAMES / f"musterstadt_{number:04d}.jpg")), np.uint8)


def vehicle(box: tuple[float, float, float, float], score: float = 0.8) -> Detections:
    return Detections(
        np.array([box], np.float32),
        np.array([score], np.float32),
        np.array([CLASSES.index("vehicle")]),
    )


def test_an_ordinary_drive_is_assessable() -> None:
    for number in range(1, 90, 8):
        assert quality.assess(frame(number)) is None, number


@pytest.mark.parametrize(
    ("kind", "severity", "reason"),
    [
        ("dark", 1, Unassessable.DARK),
        ("low sun", 3, Unassessable.GLARE),
        ("motion blur", 2, Unassessable.BLUR),
        ("rain", 3, Unassessable.WET),
        ("dirty lens", 2, Unassessable.LENS),
    ],
)
def test_a_spoiled_frame_names_what_spoiled_it(
    kind: str, severity: int, reason: Unassessable
) -> None:
    assert quality.assess(corrupt(frame(), kind, severity, seed=1)) is reason


def test_a_covered_lens_is_not_a_sound_road() -> None:
    assert quality.assess(np.full((400, 640, 3), 120, np.uint8)) is Unassessable.BLUR


def test_a_large_picture_is_judged_as_its_small_copy() -> None:
    large = cv2.resize(frame(), (1280, 800), interpolation=cv2.INTER_CUBIC)
    assert quality.assess(np.asarray(large, np.uint8)) is None


def test_a_vehicle_right_ahead_hides_the_lane() -> None:
    assert quality.is_hidden(vehicle((150, 0, 500, 330)), CAMERA, SIZE_PX)
    assert quality.is_hidden(vehicle((150, 0, 500, 330)), None, SIZE_PX)


def test_a_parked_car_a_far_car_and_a_doubtful_shadow_hide_nothing() -> None:
    assert not quality.is_hidden(vehicle((0, 100, 180, 300)), CAMERA, SIZE_PX)
    assert not quality.is_hidden(vehicle((280, 0, 360, 40)), CAMERA, SIZE_PX)
    assert not quality.is_hidden(vehicle((150, 0, 500, 330), score=0.1), CAMERA, SIZE_PX)
    assert not quality.is_hidden(Detections.none(), None, SIZE_PX)


def test_a_place_on_the_road_is_seen_where_its_pixel_lies() -> None:
    pixel = pixel_of(CAMERA, ahead_m=7.0, right_m=-1.2)
    assert pixel is not None
    spot = spot_of(CAMERA, x_px=pixel[0], y_px=pixel[1])
    assert spot is not None
    assert (spot.ahead_m, spot.right_m) == pytest.approx((7.0, -1.2))
    assert pixel_of(CAMERA, ahead_m=-9.0, right_m=0.0) is None


@pytest.mark.parametrize("kind", CORRUPTIONS)
def test_a_corruption_repeats_and_grows(kind: str) -> None:
    clean = frame()
    one, again = (corrupt(clean, kind, 2, seed=5) for _ in range(2))
    assert (one == again).all()
    away = [
        float(np.abs(corrupt(clean, kind, severity, seed=5).astype(int) - clean).mean())
        for severity in SEVERITIES
    ]
    assert away == sorted(away)
    assert away[0] > 0


def test_the_rules_are_counted_on_clean_and_spoiled_frames() -> None:
    found = check([FRAMES / "musterstadt_0040.jpg"])
    assert found["clean"] == {"assessable": 1.0}
    assert found["spoiled"]["dark 3"] == {"too dark": 1.0}
