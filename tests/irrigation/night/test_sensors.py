"""What a sensor teaches: its tree at once, its neighbours by nearness, nobody else."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from irrigation.balance import assimilate
from irrigation.balance.assimilate import Residuals
from irrigation.feeds.reading import (
    Reading,
    flags_of,
    rew_of_moisture,
    rew_of_tension,
    tension_of_rew,
)
from irrigation.feeds.sky import judge

NOW = datetime(2026, 7, 14, 5, tzinfo=UTC)
PLACES = np.array([[0.0, 0.0], [20.0, 0.0], [20.0, 1.0], [5000.0, 0.0], [np.nan, np.nan]])
GENUS = np.array(["Tilia", "Tilia", "Acer", "Tilia", "Tilia"], dtype=object)


def shifts(residual: float, age_days: float = 0.0) -> np.ndarray:
    found = Residuals(np.array([0.0]), np.array([residual]), np.array([age_days]))
    return assimilate.shifts(found, PLACES, GENUS)[0]


def test_a_dry_sensor_moves_its_own_tree_most_a_like_neighbour_less_a_far_one_not_at_all() -> None:
    own, like, other, far, lost = shifts(-0.3)
    assert own < like < other < 0
    assert far == lost == 0


def test_without_sensors_nothing_moves_and_old_news_fades() -> None:
    nobody = Residuals(np.empty(0), np.empty(0), np.empty(0))
    assert (assimilate.shifts(nobody, PLACES, GENUS)[0] == 0).all()
    assert abs(shifts(-0.3, age_days=5)[1]) < abs(shifts(-0.3)[1])
    assert (shifts(-0.3, age_days=11) == 0).all()


@given(residual=st.floats(-1, 1), age=st.floats(0, 20))
def test_no_tree_moves_further_than_the_sensor_says(residual: float, age: float) -> None:
    assert (np.abs(shifts(residual, age)) <= abs(residual) + 0.005).all()


def test_suction_is_read_at_the_marks_of_the_profession() -> None:
    assert rew_of_tension(32) == pytest.approx(0.40, abs=0.01)
    assert rew_of_tension(80) == pytest.approx(0.30, abs=0.01)
    assert rew_of_tension(0) == 1.0
    assert rew_of_tension(1e6) == 0.0


@given(st.floats(0.15, 1.0))
def test_suction_there_and_back(rew: float) -> None:
    assert rew_of_tension(tension_of_rew(rew)) == pytest.approx(rew, abs=1e-6)


def test_moisture_says_nothing_where_nobody_knows_the_soil() -> None:
    assert rew_of_moisture(0.2, wilting_vol=None, capacity_vol=0.3) is None
    assert rew_of_moisture(0.9, wilting_vol=0.1, capacity_vol=0.3) == 1.0


@pytest.mark.parametrize(
    ("tension_kpa", "moved", "flag"),
    [
        (-3.0, timedelta(0), "outside the sensor's range"),
        (300.0, timedelta(0), "outside the sensor's range"),
        (30.0, timedelta(hours=2), "in the future"),
        (200.0, timedelta(0), "jump"),
        (30.0, timedelta(0), None),
    ],
)
def test_what_cannot_be_is_flagged(tension_kpa: float, moved: timedelta, flag: str | None) -> None:
    before = Reading("s", NOW - timedelta(minutes=30), 40, tension_kpa=20.0)
    flags = flags_of(Reading("s", NOW + moved, 40, tension_kpa), before, received_at=NOW)
    assert flags == ([flag] if flag else [])


def test_weather_is_fresh_then_stale_then_replaced_by_the_rule() -> None:
    ages = [judge(hours, fresh_h=36, rule_h=48).value for hours in (0, 36, 36.1, 48, 48.1)]
    assert ages == ["fresh", "fresh", "stale", "stale", "rule"]
