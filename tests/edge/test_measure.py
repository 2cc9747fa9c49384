"""From boxes in a picture to damages on the street."""

from __future__ import annotations

import numpy as np
import pytest

from edge.gate import Shown
from edge.local_plane import ahead_and_right_m
from edge.measure import DAMAGE_CLASSES, views_of
from edge.position import Pose
from edge.sighting_tracker import View
from tests.edge.drives import CAMERA, START, place_at
from vision.runtime import detections as names
from vision.runtime.detections import CLASSES, Detections
from vision.runtime.ground import Camera

EAST = Pose(place_at(0), 90, 3)
THRESHOLDS: dict[str, float] = {name: 0.5 for name in DAMAGE_CLASSES}
Found = tuple[str, float, tuple[float, float, float, float]]


def views(*found: Found, camera: Camera | None = CAMERA) -> tuple[list[View], int]:
    seen = Detections(
        np.array([box for _, _, box in found], np.float32).reshape(-1, 4),
        np.array([score for _, score, _ in found], np.float32),
        np.array([CLASSES.index(name) for name, _, _ in found], np.int64),
    )
    return views_of(
        seen,
        Shown("f", START, EAST),
        camera=camera,
        size_px=(640, 384),
        thresholds=THRESHOLDS,
        furthest_m=25,
    )


def test_truck_and_network_name_the_classes_in_the_same_order() -> None:
    assert DAMAGE_CLASSES == names.DAMAGE_CLASSES


def test_an_empty_road_gives_no_view() -> None:
    assert views() == ([], 0)


def test_only_damages_from_their_threshold_on_count() -> None:
    box = (300.0, 200.0, 340.0, 230.0)
    found, _ = views(("D40", 0.5, box), ("D20", 0.49, box), ("person", 0.9, box))
    assert [one.damage_class for one in found] == ["D40"]


def test_a_damage_lies_where_the_truck_looks() -> None:
    (found,), _ = views(("D40", 0.9, (310, 188, 330, 196)))
    ahead_m, right_m = ahead_and_right_m(EAST.place, found.place, heading_deg=90)
    # on the optical axis: 2.5 m high, 20 degrees down, 1 m ahead of the antenna
    assert ahead_m == pytest.approx(2.5 / np.tan(np.radians(20)) + 1, abs=0.05)
    assert right_m == pytest.approx(0, abs=0.01)
    assert found.place.longitude_deg > EAST.place.longitude_deg


def test_a_damage_drawn_twice_by_the_detector_is_one() -> None:
    outer, inner = (300.0, 200.0, 400.0, 260.0), (310.0, 210.0, 350.0, 250.0)
    found, _ = views(("D40", 0.6, outer), ("D40", 0.9, inner))
    assert [one.confidence for one in found] == pytest.approx([0.9])


def test_a_pothole_in_a_field_of_cracks_is_both() -> None:
    outer, inner = (300.0, 200.0, 400.0, 260.0), (310.0, 210.0, 350.0, 250.0)
    found, _ = views(("D20", 0.6, outer), ("D40", 0.9, inner))
    assert {one.damage_class for one in found} == {"D20", "D40"}


def test_what_is_too_far_ahead_is_counted() -> None:
    found, too_far = views(("D40", 0.9, (300, 12, 340, 20)))
    assert (found, too_far) == ([], 1)


def test_without_calibration_left_and_right_are_still_told_apart() -> None:
    left, right = (100.0, 200.0, 140.0, 230.0), (500.0, 200.0, 540.0, 230.0)
    found, _ = views(("D40", 0.9, left), ("D40", 0.8, right), camera=None)
    sides = [ahead_and_right_m(EAST.place, one.place, heading_deg=90)[1] for one in found]
    assert sides[0] < -2 < 2 < sides[1]
