"""False alarms are told per kilometre, and few kilometres are not taken for a good detector."""

from __future__ import annotations

import numpy as np
import pytest

from vision.runtime.detections import Detections
from vision.training.measure.alarms import (
    alarms_per_km,
    alarms_per_picture,
    false_scores,
    on_a_drive,
)
from vision.training.measure.evaluate import Case


def test_a_short_drive_without_alarms_still_allows_many() -> None:
    found = alarms_per_km([[], [0.2], []], odometer_m=[0, 5, 10], threshold=0.5)
    assert found.alarms == 0
    assert found.amount == pytest.approx(0.015)
    assert found.high == pytest.approx(3.689 / 0.015, rel=1e-3)  # Garwood: none seen, up to 3.69


def test_ten_alarms_have_the_interval_of_the_textbook() -> None:
    found = alarms_per_picture([[0.9]] * 10 + [[]] * 90, threshold=0.5)
    assert found.low == pytest.approx(0.0480, abs=1e-4)
    assert found.high == pytest.approx(0.1839, abs=1e-4)


def test_road_that_lies_in_a_gap_between_pictures_was_not_looked_at() -> None:
    found = alarms_per_km([[0.9], [0.9]], odometer_m=[1000, 0], threshold=0.5)
    assert found.amount == pytest.approx(0.010)


def test_a_picture_without_an_odometer_reading_is_refused() -> None:
    with pytest.raises(ValueError, match="2 pictures but 1"):
        alarms_per_km([[], []], odometer_m=[0], threshold=0.5)


def test_nothing_looked_at_has_no_rate() -> None:
    with pytest.raises(ValueError, match="no picture"):
        alarms_per_picture([], threshold=0.5)


def test_a_detection_on_a_labelled_damage_is_no_false_alarm() -> None:
    boxes = np.array([[0, 0, 10, 10], [50, 50, 60, 60]], np.float32)
    scores = np.array([0.9, 0.8], np.float32)
    assert false_scores(boxes, scores, boxes[:1]) == [pytest.approx(0.8)]
    inside = np.array([[1, 1, 3, 3]], np.float32)
    assert false_scores(inside, scores[:1], boxes[:1]) == []
    assert false_scores(boxes, scores, np.zeros((0, 4), np.float32)) == pytest.approx([0.9, 0.8])


def test_a_drive_counts_only_pictures_whose_place_is_known() -> None:
    def seen(*scores: float) -> Detections:
        boxes = np.array([[20.0 * n, 0, 20.0 * n + 10, 10] for n in range(len(scores))], np.float32)
        return Detections(
            boxes.reshape(-1, 4), np.array(scores, np.float32), np.full(len(scores), 3)
        )

    crack_there = Detections(
        np.array([[0, 0, 10, 10]], np.float32), np.ones(1, np.float32), np.zeros(1, np.int64)
    )
    cases = [
        Case("a.jpg", crack_there, seen(0.9, 0.8)),  # the first is about the crack
        Case("b.jpg", Detections.none(), seen(0.9, 0.1)),  # the second is below the threshold
        Case("elsewhere.jpg", Detections.none(), seen(0.9)),
    ]
    found = on_a_drive(cases, {"a.jpg": 100.0, "b.jpg": 104.0}, {"D40": 0.5, "D00": 0.5})
    assert (found["D40"]["alarms"], found["D00"]["alarms"]) == (2, 0)
    assert found["D40"]["amount"] == pytest.approx(0.009)
