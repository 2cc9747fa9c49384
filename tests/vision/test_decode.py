"""Reading the network's output stays bounded, whatever the network says."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from vision.runtime.decode import MAX_CANDIDATES, decode
from vision.runtime.detections import Detections
from vision.runtime.suppress import suppress


def head(*rows: tuple[float, float, float, float, float, int]) -> NDArray[np.float32]:
    """Build an output `(1, 10, n)` from rows cx cy w h score class."""
    table = np.zeros((1, 10, len(rows)), np.float32)
    for index, (cx, cy, width, height, score, kind) in enumerate(rows):
        table[0, :4, index] = cx, cy, width, height
        table[0, 4 + kind, index] = score
    return table


def test_an_output_without_anchors_gives_no_detections() -> None:
    assert len(decode(np.zeros((1, 10, 0), np.float32), floor=0.1)) == 0


def test_an_empty_road_gives_no_detections() -> None:
    assert len(decode(np.zeros((1, 10, 5040), np.float32), floor=0.1)) == 0


def test_a_pothole_is_read_with_its_corners_score_and_class() -> None:
    seen = decode(head((100, 50, 20, 10, 0.8, 3)), floor=0.1)
    assert seen.boxes.tolist() == [[90, 45, 110, 55]]
    assert seen.scores[0] == pytest.approx(0.8)
    assert seen.classes.tolist() == [3]


def test_candidates_below_the_floor_are_left_out() -> None:
    assert len(decode(head((100, 50, 20, 10, 0.09, 3)), floor=0.1)) == 0


def test_a_network_that_sees_damage_everywhere_is_cut_to_the_strongest() -> None:
    scores = np.random.default_rng(1).random(5040).astype(np.float32)
    table = np.zeros((1, 10, 5040), np.float32)
    table[0, 4] = scores
    seen = decode(table, floor=0.001)
    assert len(seen) == MAX_CANDIDATES
    assert seen.scores.min() >= np.sort(scores)[-MAX_CANDIDATES]
    assert (np.diff(seen.scores) <= 0).all()


@pytest.mark.parametrize("poison", [np.nan, np.inf, -np.inf])
def test_a_network_that_says_nonsense_says_nothing(poison: float) -> None:
    table = np.full((1, 10, 50), poison, np.float32)
    assert len(decode(table, floor=0.1)) == 0


def test_an_output_of_another_shape_is_refused() -> None:
    with pytest.raises(ValueError, match="network output"):
        decode(np.zeros((300, 6), np.float32), floor=0.1)


def test_nothing_to_suppress_is_no_trouble() -> None:
    assert len(suppress(Detections.none(), max_overlap=0.5)) == 0


def test_two_boxes_of_one_pothole_become_one_and_another_class_stays() -> None:
    output = head((100, 50, 40, 40, 0.8, 3), (102, 50, 40, 40, 0.6, 3), (100, 50, 40, 40, 0.5, 2))
    kept = suppress(decode(output, floor=0.1), max_overlap=0.6)
    assert sorted(zip(kept.classes.tolist(), kept.scores.tolist(), strict=True)) == [
        (2, pytest.approx(0.5)),
        (3, pytest.approx(0.8)),
    ]


def test_a_person_in_front_of_a_pothole_is_not_lost_behind_its_score() -> None:
    output = head((100, 50, 20, 10, 0.8, 3))
    output[0, 4 + 4, 0] = 0.2  # the same anchor also sees a person
    assert decode(output, floor=0.1).classes.tolist() == [3]
    seen = decode(output, floor=0.1, always=(4, 5))
    assert seen.classes.tolist() == [3, 4]
    assert seen.scores.tolist() == pytest.approx([0.8, 0.2])
    assert seen.boxes[0].tolist() == seen.boxes[1].tolist()


def test_more_people_than_can_be_kept_make_the_result_incomplete() -> None:
    output = np.zeros((1, 10, MAX_CANDIDATES + 1), np.float32)
    output[0, :4] = 10
    output[0, 4 + 3], output[0, 4 + 4] = 0.9, 0.5
    assert not decode(output, floor=0.1, always=(4,)).is_complete
