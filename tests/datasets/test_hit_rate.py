"""What the released detector finds of Musterstadt: a floor under a printed figure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from check_musterstadt import check, wilson
from vision.errors import UnknownModelError
from vision.runtime.model_file import newest_release

CITY = Path(__file__).parents[2] / "datasets" / "musterstadt"
LOWEST_HIT_RATE = 0.70  # measured: see datasets/README.md; a floor, not a goal
MOST_FALSE_ALARMS_PER_FRAME = 1.5


def test_the_released_detector_finds_most_potholes_of_musterstadt() -> None:
    try:
        model = newest_release()
    except UnknownModelError as error:
        pytest.skip(f"no released model to check: {error}")
    figures = check(CITY, model)
    potholes = figures["classes"]["D40"]
    assert potholes["visible"] >= 25
    assert potholes["hit_rate"] >= LOWEST_HIT_RATE
    assert potholes["false_alarms_per_frame"] <= MOST_FALSE_ALARMS_PER_FRAME


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_holds_the_share_and_shrinks_with_more_potholes(
    counts: tuple[int, int],
) -> None:
    hits, of = counts
    low, high = wilson(hits, of)
    assert 0 <= low <= hits / of + 1e-9
    assert hits / of - 1e-9 <= high <= 1
    again_low, again_high = wilson(4 * hits, 4 * of)
    assert again_high - again_low < high - low


def test_the_interval_is_wilsons() -> None:
    """Oracle: the score interval as the roots of (p - x)² = z² x (1 - x) / n, for 9 of 10."""
    z = 1.96
    roots = np.sort(np.roots([1 + z * z / 10, -(2 * 0.9 + z * z / 10), 0.81]).real)
    assert wilson(9, 10) == pytest.approx(tuple(roots), abs=1e-9)
