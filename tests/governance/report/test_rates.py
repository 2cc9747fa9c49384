"""Small numbers look small: shares and medians carry their uncertainty."""

from __future__ import annotations

import doctest
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.report import rates, words
from governance.report.rates import median_interval, quantile, wilson


def test_the_examples_in_the_pages_hold() -> None:
    assert doctest.testmod(rates).failed == 0
    assert doctest.testmod(words).failed == 0


def test_the_interval_of_a_share_is_the_textbooks() -> None:
    """Oracle: Newcombe (1998), Statistics in Medicine 17, table I, method 3."""
    for hits, cases, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)):
        assert wilson(hits, cases) == pytest.approx((low, high), abs=5e-5)
    for hits, cases, low, high in ((0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)):
        assert wilson(hits, cases) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 5000), st.data())
def test_a_share_lies_inside_its_interval(cases: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, cases))
    low, high = wilson(hits, cases)
    assert 0 <= low <= hits / cases <= high <= 1


def test_nothing_has_no_share() -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson(0, 0)


@pytest.mark.parametrize("number", [6, 15, 100, 101, 400])
def test_the_interval_of_a_median_holds_it_in_95_of_100_samples(number: int) -> None:
    chance = random.Random(number)
    held = 0
    for _ in range(2000):
        found = median_interval(sorted(chance.expovariate(1.0) for _ in range(number)))
        assert found is not None
        held += found[0] <= 0.6931471805599453 <= found[1]
    assert 0.935 <= held / 2000 <= 1.0


def test_five_cases_have_no_interval() -> None:
    assert median_interval([1.0, 2.0, 3.0, 4.0, 5.0]) is None


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0, 1))
def test_a_quantile_lies_among_the_values(values: list[float], share: float) -> None:
    ordered = sorted(values)
    assert ordered[0] <= quantile(ordered, share) * (1 + 1e-12)
    assert quantile(ordered, share) <= ordered[-1] * (1 + 1e-12)
