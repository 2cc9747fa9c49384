"""The hand-checked boxes count what masking hides, by size, and few boxes prove little."""

from __future__ import annotations

import csv

import numpy as np
import pytest

from tests.bench.privacy.by_hand import BOXES, Object, curve, is_hidden
from tests.bench.privacy.exact import exact


def thing(kind: str, *edges: float) -> Object:
    """A box somebody drew."""
    return Object(kind, np.array(edges, np.float32))


def test_a_car_whose_bonnet_shows_beside_the_mask_is_not_hidden() -> None:
    hidden = np.zeros((100, 100), bool)
    hidden[:50, :40] = True
    assert not is_hidden(thing("vehicle", 0, 0, 50, 50), hidden)
    assert is_hidden(thing("vehicle", 0, 0, 40, 50), hidden)


def test_recall_is_told_by_size_and_from_the_goal_on() -> None:
    found = curve([(thing("person", 0, 0, 10, 20), False), (thing("person", 0, 0, 20, 40), True)])
    assert found["person"]["16-24"]["recall"] == 0
    assert found["person"]["from 24"]["n"] == 1
    assert found["person"]["from 24"]["recall"] == 1


def test_three_hits_of_three_still_allow_seven_misses_of_ten() -> None:
    assert exact(3, 3) == pytest.approx((0.2924, 1.0), abs=1e-3)
    assert exact(0, 0) == (0.0, 1.0)


def test_each_box_lies_in_its_picture_and_the_empty_pictures_are_listed_too() -> None:
    with BOXES.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len({row["picture"] for row in rows}) == 60
    for row in (row for row in rows if row["kind"] != "nothing"):
        x1, y1, x2, y2 = (int(row[f"{edge}_px"]) for edge in ("x1", "y1", "x2", "y2"))
        assert 0 <= x1 < x2 <= 640
        assert 0 <= y1 < y2 <= 512
