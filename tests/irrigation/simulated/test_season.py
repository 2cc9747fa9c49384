"""A simulated summer: the soil's truth is its own, every policy sees the same one."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irrigation.__main__ import main
from irrigation.balance.water_balance import Plots
from irrigation.simulated import season, season_soil
from irrigation.simulated.season_policies import (
    FAILED,
    OUTAGE,
    Calendar,
    Nothing,
    Stadtwart,
    Town,
    hours_of,
)
from irrigation.simulated.season_sky import DAYS, HEAT_WAVES, summer

MUSTERSTADT = Path(__file__).parents[3] / "datasets/musterstadt"


@pytest.fixture(scope="module")
def town() -> Town:
    return season.read_town(MUSTERSTADT)


def part_of(town: Town, count: int) -> Town:
    """Trees spread over the register, for a quicker summer."""
    kept = np.linspace(0, len(town.girth_cm) - 1, count).astype(int)
    plots = Plots(*(getattr(town.plots, field.name)[kept] for field in fields(Plots)))
    rows = ("girth_cm", "crown_m", "planted_year", "age_years", "place_m", "genus", "soil")
    return replace(
        town,
        plots=plots,
        sensors=np.arange(2),
        **{name: getattr(town, name)[kept] for name in rows},
    )


def test_two_heat_waves_are_hot_and_dry_and_a_summer_is_the_same_for_the_same_seed() -> None:
    sky, again, other = summer(1), summer(1), summer(2)
    for first, end in HEAT_WAVES:
        assert sky.rain_mm[first:end].sum() == 0
        assert sky.et0_mm[first:end].mean() > 5.5
    assert np.array_equal(sky.rain_mm, again.rain_mm)
    assert not np.array_equal(sky.rain_mm, other.rain_mm)
    assert set(FAILED) & set(range(*HEAT_WAVES[1]))
    assert len(OUTAGE) == 7


@given(
    rain_mm=st.floats(0, 80),
    et0_mm=st.floats(0, 9),
    litres=st.floats(0, 1000),
    days=st.integers(1, 30),
)
@settings(max_examples=40)
def test_the_true_soil_never_makes_water_and_never_holds_less_than_none(
    rain_mm: float, et0_mm: float, litres: float, days: int
) -> None:
    soils = ["", "sand", "clay", "silt", "substrate"]
    trees = season_soil.true_trees(np.full(5, 4.0), np.full(5, 3.0), np.full(5, 2.0), soils, seed=1)
    soil = season_soil.full(trees)
    for _ in range(days):
        before = soil.top_mm + soil.deep_mm
        got = season_soil.live_one_day(
            trees, soil, rain_mm=rain_mm, et0_mm=et0_mm, litres=np.full(5, litres)
        )
        after = soil.top_mm + soil.deep_mm
        came_in = rain_mm * trees.rain_factor + litres / trees.pit_m2
        assert (soil.top_mm >= 0).all()
        assert (soil.deep_mm >= -1e-9).all()
        assert (after <= before + came_in + 1e-6).all()
        assert ((got >= 0) & (got <= 1 + 1e-9)).all()


def test_watering_helps_and_sensors_sit_at_one_tree_in_twenty(town: Town) -> None:
    assert len(town.sensors) == round(0.05 * len(town.girth_cm))
    few = part_of(town, 60)
    dry = season.live(few, Nothing(few), seed=3)
    calendar = season.live(few, Calendar(few, 14, 2), seed=3)
    ours = season.live(few, Stadtwart(few, 2), seed=3)
    assert dry.litres.sum() == 0
    assert ours.stress_days < dry.stress_days
    assert calendar.stress_days < dry.stress_days
    assert len(ours.litres) == DAYS
    assert (ours.litres[[day for day in range(DAYS) if day % 7 in (3, 4)]] == 0).all()  # weekends


def test_stadtwart_keeps_a_given_amount_of_water(town: Town) -> None:
    few = part_of(town, 30)
    allowed = np.cumsum(np.full(DAYS, 50.0))
    ours = season.live(few, Stadtwart(few, 2, season_l=allowed), seed=4)
    assert ours.litres.sum() > 0
    assert (np.cumsum(ours.litres) <= allowed + 1e-6).all()


def test_a_failed_vehicle_costs_its_crews_hours() -> None:
    assert hours_of(FAILED.start, vehicles=2) == 7.5
    assert hours_of(FAILED.stop, vehicles=2) == 15


def test_the_season_is_told_by_command_with_its_label_and_its_verdict(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["season", "--seeds", "1", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["simulated"] is True
    assert "none of it known to any policy" in told["truth"]
    policies = told["policies"]
    assert policies["no watering"]["litres"]["mean"] == 0
    capped, calendar = policies["stadtwart, calendar's water"], policies["calendar every 14 days"]
    assert capped["litres"]["mean"] <= calendar["litres"]["mean"]
    assert set(told["verdict"]) == {"stadtwart", "stadtwart, calendar's water"}
