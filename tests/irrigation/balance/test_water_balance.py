"""The water account: nothing is made, nothing is lost, more water never means drier."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from irrigation.arrays import Numbers
from irrigation.balance import soil, water_balance
from irrigation.balance.water_balance import Plots, infiltration_mm, run

TREES = st.integers(1, 4)
DAYS = st.integers(1, 20)


def _column(data: st.DataObject, count: int, low: float, high: float) -> Numbers:
    return data.draw(hnp.arrays(np.float64, count, elements=st.floats(low, high)))


def _plots(data: st.DataObject, count: int) -> Plots:
    """True limits: a flower pot of 1 mm to a forest soil, a bucket's pit to a square."""
    return Plots(
        capacity_mm=_column(data, count, 1.0, 600.0),
        pit_m2=_column(data, count, 0.05, 500.0),
        catchment_m2=_column(data, count, 0.0, 5_000.0),
        interception_share=_column(data, count, 0.0, 1.0),
        demand_factor=_column(data, count, 0.0, 2.0),
        easy_share=_column(data, count, 0.0, 0.99),
    )


def _one(**changed: float) -> Plots:
    plain = {
        "capacity_mm": 60.0,
        "pit_m2": 4.0,
        "catchment_m2": 4.0,
        "interception_share": 0.0,
        "demand_factor": 1.0,
        "easy_share": 0.5,
    }
    return Plots(**{name: np.array([value]) for name, value in (plain | changed).items()})


@given(data=st.data(), count=TREES, days=DAYS)
@settings(max_examples=100, deadline=None)
def test_every_drop_is_accounted_for(data: st.DataObject, count: int, days: int) -> None:
    """Cloudbursts of 400 mm, tank lorries of 12,000 L, desert days of 20 mm included."""
    plots = _plots(data, count)
    share = _column(data, count, 0.0, 1.0)
    start = share * plots.capacity_mm
    shape = (days, count)
    rain = data.draw(hnp.arrays(np.float64, shape, elements=st.floats(0, 400)))
    et0 = data.draw(hnp.arrays(np.float64, shape, elements=st.floats(0, 20)))
    litres = data.draw(hnp.arrays(np.float64, shape, elements=st.floats(0, 12_000)))
    account = run(plots, depletion_mm=start, rain_mm=rain, et0_mm=et0, litres=litres)
    water_in = infiltration_mm(plots, rain_mm=rain, litres=litres).sum(axis=0)
    water_out = account.drainage_mm.sum(axis=0) + account.transpired_mm.sum(axis=0)
    stored = start - account.depletion_mm[-1]
    assert np.allclose(water_in, water_out + stored, rtol=1e-9, atol=1e-6)
    assert np.all(account.depletion_mm >= 0)
    assert np.all(account.depletion_mm <= plots.capacity_mm)
    assert np.all(account.unmet_mm >= 0)
    wanted = et0 * plots.demand_factor
    assert np.allclose(account.transpired_mm + account.unmet_mm, wanted, atol=1e-9)


@given(data=st.data(), extra_litres=st.floats(0, 12_000), extra_rain_mm=st.floats(0, 400))
@settings(deadline=None)
def test_more_water_never_makes_a_tree_drier(
    data: st.DataObject, extra_litres: float, extra_rain_mm: float
) -> None:
    plots, days = _plots(data, 2), 8
    start = _column(data, 2, 0.0, 1.0) * plots.capacity_mm
    rain = data.draw(hnp.arrays(np.float64, days, elements=st.floats(0, 100)))
    et0 = data.draw(hnp.arrays(np.float64, days, elements=st.floats(0, 12)))
    litres = np.zeros((days, 2))
    plain = run(plots, depletion_mm=start, rain_mm=rain, et0_mm=et0, litres=litres)
    rain[3] += extra_rain_mm
    litres[2] += extra_litres
    wetter = run(plots, depletion_mm=start, rain_mm=rain, et0_mm=et0, litres=litres)
    assert np.all(wetter.depletion_mm <= plain.depletion_mm + 1e-6)


def test_a_hundred_litres_are_twenty_five_millimetres_in_a_pit_of_four_square_metres() -> None:
    account = run(
        _one(),
        depletion_mm=np.array([40.0]),
        rain_mm=[0.0],
        et0_mm=[0.0],
        litres=[[100.0]],
    )
    assert account.depletion_mm[0, 0] == pytest.approx(15.0)


def test_the_paving_around_a_pit_feeds_it_and_the_crown_holds_rain_back() -> None:
    plots = _one(catchment_m2=8.0, interception_share=0.25)
    account = run(plots, depletion_mm=np.array([40.0]), rain_mm=[10.0], et0_mm=[0.0])
    assert account.depletion_mm[0, 0] == pytest.approx(25.0)


def test_half_dry_soil_gives_half_of_what_the_tree_asks() -> None:
    """Eq. 84 with p = 0.5: at three quarters depleted Ks is 0.5."""
    account = run(_one(), depletion_mm=np.array([45.0]), rain_mm=[0.0], et0_mm=[4.0])
    assert account.transpired_mm[0, 0] == pytest.approx(2.0)
    assert account.unmet_mm[0, 0] == pytest.approx(2.0)


def test_one_weather_for_all_equals_the_same_weather_for_each() -> None:
    count = 3
    plots = Plots(*(np.full(count, value) for value in (60.0, 4.0, 6.0, 0.2, 0.9, 0.5)))
    start, rain, et0 = np.array([0.0, 30.0, 60.0]), np.array([0.0, 12.0, 3.0]), np.full(3, 4.0)
    shared = run(plots, depletion_mm=start, rain_mm=rain, et0_mm=et0)
    each = run(
        plots,
        depletion_mm=start,
        rain_mm=np.repeat(rain[:, None], count, axis=1),
        et0_mm=np.repeat(et0[:, None], count, axis=1),
    )
    assert np.array_equal(shared.depletion_mm, each.depletion_mm)


def test_a_city_without_trees_has_an_empty_account() -> None:
    none = np.empty(0)
    account = run(
        Plots(none, none, none, none, none, none),
        depletion_mm=none,
        rain_mm=[1.0, 2.0],
        et0_mm=[3.0, 3.0],
    )
    assert account.depletion_mm.shape == (2, 0)


def test_trees_beyond_one_block_get_the_same_result() -> None:
    count = water_balance.BLOCK + 5
    plots = Plots(*(np.full(count, value) for value in (60.0, 4.0, 6.0, 0.2, 0.9, 0.5)))
    account = run(plots, depletion_mm=np.full(count, 20.0), rain_mm=[5.0], et0_mm=[4.0])
    assert np.ptp(account.depletion_mm) == 0


def test_impossible_plots_and_weather_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"pit_m2 of tree 0 is 0\.0"):
        _one(pit_m2=0.0)
    with pytest.raises(ValueError, match="capacity_mm of tree 0 is nan"):
        _one(capacity_mm=np.nan)
    with pytest.raises(ValueError, match="rain_mm must be 0 or more"):
        run(_one(), depletion_mm=np.zeros(1), rain_mm=[np.nan], et0_mm=[1.0])
    with pytest.raises(ValueError, match="depletion_mm lies outside"):
        run(_one(), depletion_mm=np.array([61.0]), rain_mm=[1.0], et0_mm=[1.0])


def test_the_examples_in_the_formulas_are_true() -> None:
    assert doctest.testmod(water_balance).failed == 0
    assert doctest.testmod(soil).failed == 0
