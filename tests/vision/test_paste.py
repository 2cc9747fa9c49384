"""Potholes drawn into other roads: labelled where they lie, never over a label."""

from __future__ import annotations

import numpy as np

from vision.training.fit.paste import POTHOLE, can_give, paste

ROAD = np.full((384, 640, 3), 120, np.uint8)
HOLE = np.array([POTHOLE, 300, 250, 360, 290], np.float32)
NOTHING = np.zeros((0, 5), np.float32)


def other_road() -> np.ndarray:
    """A brighter road with a dark hole."""
    road = np.full((384, 640, 3), 160, np.uint8)
    road[250:290, 300:360] = 60
    return road


def test_a_pasted_pothole_lies_where_its_label_says() -> None:
    drawn, rows = paste(ROAD, NOTHING, other_road(), HOLE, np.random.default_rng(1))
    assert rows.shape == (1, 5)
    x1, y1, x2, y2 = rows[0, 1:].astype(int)
    assert (y1, y2) == (250, 290)
    assert x2 - x1 == 60
    assert drawn[270, (x1 + x2) // 2].max() < 60  # as much darker than this road as than its own
    outside = np.ones(ROAD.shape[:2], bool)
    outside[240:300, x1 - 15 : x2 + 15] = False
    assert (drawn[outside] == ROAD[outside]).all()
    assert (ROAD == 120).all()


def test_no_pothole_covers_a_labelled_damage() -> None:
    everywhere = np.array([[0, 0, 200, 640, 384]], np.float32)
    drawn, rows = paste(ROAD, everywhere, other_road(), HOLE, np.random.default_rng(1))
    assert rows is everywhere
    assert drawn is ROAD


def test_small_potholes_and_cracks_are_not_copied() -> None:
    assert can_give(HOLE)
    assert not can_give(np.array([POTHOLE, 300, 250, 312, 260], np.float32))
    assert not can_give(np.array([0, 300, 250, 360, 290], np.float32))
