"""Trees that nobody can tell apart are computed once; each gets what it would have got alone."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from irrigation.balance.water_balance import Plots
from irrigation.feeds.sky import Sky, WeatherDay, compose
from irrigation.model import explain, released
from irrigation.night import outcome, tree_states
from irrigation.night.nightly import predict_here
from irrigation.night.tree_forecast import Forecast
from irrigation.night.tree_model import balance_reach
from irrigation.night.tree_states import Given, States
from irrigation.plan import litres
from irrigation.plan.litres import LitresRule, Missing, TreeFacts
from irrigation.plan.schedule import Thresholds

DAY = date(2026, 7, 14)
LEARNS = {0: "learned", 1: "learned", 3: "learned", 7: "learned", 14: "learned"}


def a_sky(*, with_forecast: bool = True) -> Sky:
    random = np.random.default_rng(3)

    def one(day: date, kind: str) -> WeatherDay:
        rain = float(random.gamma(0.3, 9.0)) if random.random() < 0.4 else 0.0
        issued = day if kind == "observed" else DAY
        return WeatherDay(day, kind, issued, rain, float(random.uniform(2, 6)), 20.0, 12.0, 0.6)

    days = [one(DAY - timedelta(days=n), "observed") for n in range(60, 0, -1)]
    if with_forecast:
        days += [one(DAY + timedelta(days=n), "forecast") for n in range(14)]
    now = datetime(2026, 7, 14, 5, tzinfo=UTC)
    return compose(days, for_day=DAY, now=now, fresh_h=36, rule_h=48)


def some_trees(count: int, *, merge: bool, sky: Sky) -> States:
    random = np.random.default_rng(4)
    single = np.float32
    plots = Plots(
        capacity_mm=random.choice([40.5, 64.8, 108.0], count).astype(single),
        pit_m2=random.choice([2.0, 4.0, 6.0], count).astype(single),
        catchment_m2=random.choice([2.0, 4.0, 6.0], count).astype(single),
        interception_share=random.choice([0.1, 0.15], count).astype(single),
        demand_factor=random.choice([0.4, 0.8, 1.0], count).astype(single),
        easy_share=np.full(count, 0.5, single),
    )
    watered = random.choice(count, count // 5, replace=False)
    cans = Given(
        watered,
        random.integers(sky.past - 5, sky.past, len(watered)),
        random.choice([50.0, 100.0], len(watered)).astype(single),
    )
    return tree_states.distinct(
        plots,
        cans,
        days=sky.past,
        shift=random.choice([0.0, 0.05, -0.1], count).astype(single),
        anchored=random.random(count) < 0.05,
        due=np.zeros(count, dtype=bool),
        merge=merge,
    )


def ask(states: States, sky: Sky, gate: dict[int, str]) -> Forecast:
    release = released.newest()
    return predict_here(states, sky, release, gate, balance_reach(None))


def test_the_models_reasons_add_up_to_what_it_says_of_the_coming_week() -> None:
    sky = a_sky()
    states = some_trees(300, merge=True, sky=sky)
    found = ask(states, sky, LEARNS)
    assert found.model is not None
    assert found.moved is not None
    said = found.model[7] - found.model[0]
    told = found.moved.sum(axis=0) / states.plots.capacity_mm
    free = (found.model[7] > 0) & (found.model[7] < 1)  # neither empty nor full: nothing was cut
    assert free.sum() > 50
    assert told[free] == pytest.approx(said[free], abs=1e-4)
    movers = explain.strongest(found.moved.astype(np.float64))
    assert len(movers) == len(states)
    assert all(len(some) <= 4 and "constant" not in dict(some) for some in movers)


@pytest.mark.parametrize("gate", [{}, LEARNS], ids=["balance decides", "model decides"])
def test_every_tree_gets_the_same_as_if_it_had_been_computed_by_itself(
    gate: dict[int, str],
) -> None:
    sky = a_sky()
    merged, single = (some_trees(3000, merge=one, sky=sky) for one in (True, False))
    assert len(merged) < len(single) / 2
    together, alone = ask(merged, sky, gate), ask(single, sky, gate)
    for field in fields(Forecast):
        once: Any = getattr(together, field.name)
        each: Any = getattr(alone, field.name)
        assert (once is None) == (each is None)
        if once is not None:
            np.testing.assert_allclose(once[..., merged.of_tree], each, rtol=0, atol=1e-6)


def test_no_trees_are_no_trouble() -> None:
    sky = a_sky()
    nothing = some_trees(0, merge=True, sky=sky)
    assert len(nothing) == 0
    assert ask(nothing, sky, {}).q50.shape == (15, 0)


@given(extra=st.floats(0, 300), lead=st.integers(0, 13))
@settings(max_examples=20)
def test_more_rain_ahead_never_makes_the_balance_drier(extra: float, lead: int) -> None:
    sky = a_sky()
    states = some_trees(40, merge=True, sky=sky)
    rain = sky.rain_mm.copy()
    rain[sky.past + lead] += extra
    wetter = predict_here(states, replace(sky, rain_mm=rain), None, {}, balance_reach(None))
    dry = predict_here(states, sky, None, {}, balance_reach(None))
    assert (wetter.q50 >= dry.q50 - 1e-6).all()


def test_the_balance_promises_no_more_than_its_errors_at_the_stations() -> None:
    sky = a_sky()
    states = some_trees(50, merge=True, sky=sky)
    found = predict_here(states, sky, None, {}, balance_reach(None))
    free = ~states.anchored
    inside = (found.q10[0] > 0) & (found.q90[0] < 1) & free
    assert ((found.q90[0] - found.q10[0])[inside] > 0.6).all(), "nobody measured under a tree"
    assert (np.diff(balance_reach(None)) >= 0).all(), "the further ahead, the less sure"


def test_litres_asked_once_for_equal_trees_are_the_litres_of_each_tree() -> None:
    sky = a_sky()
    states = some_trees(400, merge=True, sky=sky)
    forecast = ask(states, sky, {})
    random = np.random.default_rng(9)
    girth = np.where(random.random(400) < 0.2, np.nan, random.integers(12, 200, 400))
    crown = np.where(random.random(400) < 0.2, np.nan, random.integers(2, 20, 400) / 2)
    year = np.where(random.random(400) < 0.5, np.nan, random.integers(1950, 2030, 400))
    rule, thresholds = LitresRule(), Thresholds(act_below=1.0, urgent_below=0.5)
    found = outcome.judge(
        states, forecast, (girth, crown, year), on=DAY, thresholds=thresholds, rule=rule
    )
    holds_l = states.plots.capacity_mm * states.plots.pit_m2
    for tree, state in enumerate(states.of_tree.tolist()):
        missing = [float((1 - q[0, state]) * holds_l[state]) for q in curves(forecast)]
        facts = TreeFacts(
            girth_cm=None if np.isnan(girth[tree]) else float(girth[tree]),
            crown_m=None if np.isnan(crown[tree]) else float(crown[tree]),
            planted_year=None if np.isnan(year[tree]) else int(year[tree]),
            missing=Missing(*missing),
        )
        need = litres.need(facts, on=DAY, rule=rule)
        told = found.litres[:, tree].tolist()
        if forecast.q50[0, state] < 1:
            assert told == [need.litres, need.low_l, need.high_l]


def curves(forecast: Forecast) -> tuple[Any, Any, Any]:
    """Wet to dry: what is missing least, likely, most."""
    return forecast.q90, forecast.q50, forecast.q10
