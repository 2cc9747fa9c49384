"""Training pictures under other light and weather: pixels change, places do not."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from vision.training.fit import conditions

Condition = Callable[[np.ndarray, np.random.Generator], np.ndarray]


def road_with_a_hole() -> np.ndarray:
    """A textured grey road with a dark patch."""
    frame = np.random.default_rng(1).integers(90, 150, (288, 416, 3)).astype(np.uint8)
    frame[120:180, 180:260] = 30
    return frame


@pytest.mark.parametrize("condition", conditions.CHANCES, ids=lambda c: c.__name__)
def test_each_condition_changes_the_picture_and_leaves_the_hole_in_its_place(
    condition: Condition,
) -> None:
    for seed in range(8):
        seen = condition(road_with_a_hole(), np.random.default_rng(seed))
        assert seen.shape == (288, 416, 3)
        assert seen.dtype == np.uint8
        assert not np.array_equal(seen, road_with_a_hole())
        beside = float(np.r_[seen[120:180, 100:160], seen[120:180, 280:340]].mean())
        assert float(seen[130:170, 190:250].mean()) < beside


def test_dusk_is_dark_and_low_sun_is_bright() -> None:
    random = np.random.default_rng(2)
    frame = road_with_a_hole()
    assert conditions.dusk(frame, random).mean() < 0.6 * frame.mean()
    assert conditions.low_sun(frame, random).mean() > frame.mean()


def test_the_same_seed_gives_the_same_weather() -> None:
    first = conditions.meet(road_with_a_hole(), np.random.default_rng(3))
    again = conditions.meet(road_with_a_hole(), np.random.default_rng(3))
    assert np.array_equal(first, again)
