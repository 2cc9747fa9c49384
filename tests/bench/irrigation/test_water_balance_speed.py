"""A million trees for two weeks, in a second of one core."""

from __future__ import annotations

from tests.bench.irrigation.timings import balance_cpu_s


def test_a_million_trees_for_two_weeks_take_less_than_a_second() -> None:
    assert balance_cpu_s() < 1.0
