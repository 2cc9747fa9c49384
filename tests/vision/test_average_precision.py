"""The yardstick is right on cases that can be worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.training.measure.average_precision import (
    Scored,
    average_precision,
    best_f1,
    drawn_precisions,
    false_alarms,
    score,
)

Floats = NDArray[np.float32]


def boxes(*lefts: float) -> Floats:
    """Boxes 10 x 10 px at the given left edges."""
    return np.array([[x, 0, x + 10, 10] for x in lefts], np.float32).reshape(-1, 4)


def values(*numbers: float) -> Floats:
    return np.array(numbers, np.float32)


def test_without_labels_there_is_no_average_precision() -> None:
    assert average_precision([score(boxes(), values(), boxes())]) is None
    assert average_precision([]) is None


def test_a_model_that_sees_nothing_scores_zero() -> None:
    assert average_precision([score(boxes(), values(), boxes(0))]) == 0


def test_a_perfect_model_scores_one() -> None:
    picture = score(boxes(0, 50), values(0.9, 0.8), boxes(0, 50))
    assert average_precision([picture]) == pytest.approx(1)
    point = best_f1([picture])
    assert point is not None
    assert point.f1 == pytest.approx(1)
    assert point.threshold == pytest.approx(0.8)


def test_one_hit_above_one_false_alarm_with_two_labels() -> None:
    """Precision is 1 up to recall 0.5 and nothing beyond: 51 of 101 points."""
    picture = score(boxes(0, 200), values(0.9, 0.8), boxes(0, 50))
    assert average_precision([picture]) == pytest.approx(51 / 101)


def test_a_false_alarm_above_the_hit_halves_the_precision() -> None:
    picture = score(boxes(200, 0), values(0.9, 0.8), boxes(0))
    assert average_precision([picture]) == pytest.approx(0.5)


def test_a_label_is_found_only_once() -> None:
    picture = score(boxes(0, 1), values(0.9, 0.8), boxes(0))
    assert picture.hits.tolist() == [True, False]
    assert false_alarms([picture], 0.5) == 1
    assert false_alarms([picture], 0.85) == 0


def test_a_shifted_box_with_less_than_half_overlap_is_a_false_alarm() -> None:
    assert score(boxes(4), values(0.9), boxes(0)).hits.tolist() == [False]
    assert score(boxes(3), values(0.9), boxes(0)).hits.tolist() == [True]


def test_a_sample_that_is_weighed_equals_one_that_is_put_together() -> None:
    random = np.random.default_rng(7)
    pictures = []
    for _ in range(40):
        n = int(random.integers(0, 12))
        scores = random.random(n).astype(np.float32)
        hits = random.random(n) < 0.4
        pictures.append(Scored(scores, hits, int(hits.sum()) + int(random.integers(0, 3))))
    roads = [f"road {number % 9}" for number in range(40)]
    names = sorted(set(roads))
    again = np.random.default_rng(0)
    expected = []
    for _ in range(25):
        drawn = again.integers(len(names), size=len(names))
        sample = [
            picture
            for index in drawn
            for picture, road in zip(pictures, roads, strict=True)
            if road == names[index]
        ]
        expected.append(average_precision(sample))
    found = drawn_precisions(pictures, roads, repeats=25)
    assert found == pytest.approx(expected, abs=0.02)  # doubled pictures come at once, not in turn


def test_samples_without_labels_are_left_out() -> None:
    empty = Scored(values(0.5), np.array([False]), 0)
    assert drawn_precisions([empty, empty], ["a", "b"], repeats=10) == []
    assert drawn_precisions([Scored(values(), np.zeros(0, bool), 1)], ["a"], repeats=3) == [0, 0, 0]
