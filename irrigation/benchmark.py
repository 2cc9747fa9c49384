"""Time the watering forecast on made-up trees: states, balance, features, prediction, litres.

No database here; `python -m tests.bench irrigation` adds import and night with one. Seconds are
those of the clock; the row-by-row peer is timed on a sample in the same run and scaled.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

import numpy as np

from irrigation.arrays import Numbers
from irrigation.balance.water_balance import Plots, run
from irrigation.feeds.sky import AHEAD_DAYS, PAST_DAYS, Sky, compose
from irrigation.model import released
from irrigation.night import outcome, tree_states
from irrigation.night.nightly import predict_here
from irrigation.night.tree_forecast import free_run
from irrigation.night.tree_model import balance_reach
from irrigation.night.tree_states import Given
from irrigation.plan.litres import LitresRule
from irrigation.plan.schedule import Thresholds
from irrigation.simulated.simulated_sky import forecast, observed

DAY = date(2026, 7, 14)
SAMPLE_ROWS = 100_000  # of row-by-row prediction
WATERED_SHARE = 0.05  # trees with a watering in the last two weeks
SIZES = (50_000, 1_000_000)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class MadeUp:
    """Trees as a register would give them: measures in steps, a tenth watered."""

    plots: Plots
    given: Given
    facts: tuple[Numbers, Numbers, Numbers]


def measure(sizes: tuple[int, ...] = SIZES) -> dict[str, Any]:
    """All figures; the peer first, so that each size can be set beside it."""
    release = released.newest()
    rows_per_s = None if release is None else row_by_row(release)
    found: dict[str, Any] = {"days_ahead": AHEAD_DAYS, "watered_share": WATERED_SHARE}
    if release is not None and rows_per_s is not None:
        found["model"] = f"{release.card['name']} {release.card['version']}"
        found["row_by_row_rows_per_s"] = round(rows_per_s)
    found["balance_of_different_trees"] = _balance()
    found["nights"] = [night(trees, rows_per_s) for trees in sizes]
    found["peak_memory_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return found


def row_by_row(release: released.Release) -> float:
    """Rows a second when each tree and day is a row of its own for the 7-day model."""
    learned, _ = release.learned("forecast-7-imperfect")
    random = np.random.default_rng(7)
    table = random.normal(0, 10, (SAMPLE_ROWS, len(learned.names)))
    _, seconds = timed(lambda: learned.answer(table, np.zeros(SAMPLE_ROWS)))
    return SAMPLE_ROWS / seconds


def night(trees: int, rows_per_s: float | None) -> dict[str, Any]:
    """One night without its database, part by part."""
    sky, made = a_sky(), make_up(trees)
    nobody = np.zeros(trees, dtype=bool)
    began = time.perf_counter()
    states, states_s = timed(
        lambda: tree_states.distinct(
            made.plots,
            made.given,
            days=sky.past,
            shift=np.zeros(trees, np.float32),
            anchored=nobody,
            due=nobody,
        )
    )
    _, balance_s = timed(lambda: free_run(states, sky))
    release = released.newest()
    found, predict_s = timed(lambda: predict_here(states, sky, release, {}, balance_reach(None)))
    _, litres_s = timed(
        lambda: outcome.judge(
            states, found, made.facts, on=DAY, thresholds=Thresholds(), rule=LitresRule()
        )
    )
    whole_s = time.perf_counter() - began - balance_s  # the balance runs inside the prediction too
    figures: dict[str, Any] = {
        "trees": trees,
        "states": len(states),
        "states_s": round(states_s, 2),
        "balance_of_states_s": round(balance_s, 2),
        "balance_features_and_prediction_s": round(predict_s, 2),
        "urgency_and_litres_s": round(litres_s, 2),
        "whole_s": round(whole_s, 2),
        "tree_days_per_s": round(trees * AHEAD_DAYS / whole_s),
    }
    if rows_per_s is not None:
        alone_s = trees * AHEAD_DAYS / rows_per_s
        figures["row_by_row_s_scaled"] = round(alone_s, 1)
        figures["times_faster_than_row_by_row"] = round(alone_s / whole_s, 1)
    return figures


def make_up(trees: int) -> MadeUp:
    """Draw trees with the steps of `tree_inputs`, and waterings of the last two weeks."""
    random, single = np.random.default_rng(5), np.float32
    pit = np.where(random.random(trees) < 0.6, 4.0, random.integers(4, 19, trees) / 2)
    capacity = random.choice([40.5, 48.6, 56.7, 64.8, 72.9, 81.0, 97.2, 108.0], trees)
    cover = random.choice([0.4, 0.6, 0.8, 1.0, 1.2], trees)
    watered = random.choice(trees, int(trees * WATERED_SHARE), replace=False)
    given = Given(
        watered,
        random.integers(PAST_DAYS - 14, PAST_DAYS, len(watered)),
        random.choice([50.0, 80.0, 100.0], len(watered)).astype(single),
    )
    girth = np.round(random.gamma(3, 25, trees) + 15)
    crown = np.round((1.6 + 0.055 * girth) * 2) / 2
    year = np.where(random.random(trees) < 0.5, np.nan, random.integers(1950, 2026, trees))
    plots = Plots(
        capacity_mm=capacity.astype(single),
        pit_m2=pit.astype(single),
        catchment_m2=pit.astype(single),
        interception_share=np.round(0.15 * np.minimum(cover, 1.0), 2).astype(single),
        demand_factor=np.round(0.85 * cover, 3).astype(single),
        easy_share=np.full(trees, 0.5, single),
    )
    return MadeUp(plots, given, (girth, crown, year))


def a_sky() -> Sky:
    """Ninety simulated days and a forecast."""
    days = [observed(DAY - timedelta(days=n), anchor=DAY) for n in range(1, PAST_DAYS + 1)]
    days += forecast(DAY, anchor=DAY)
    now = datetime(DAY.year, DAY.month, DAY.day, 5, tzinfo=UTC)
    return compose(days, for_day=DAY, now=now, fresh_h=36, rule_h=48)


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    """The result and its seconds."""
    began = time.perf_counter()
    found = work()
    return found, time.perf_counter() - began


def _balance() -> dict[str, Any]:
    """A million trees of which no two are alike: nothing to merge."""
    random, trees = np.random.default_rng(7), 1_000_000

    def column(low: float, high: float) -> Any:
        return random.uniform(low, high, trees).astype(np.float32)

    plots = Plots(
        capacity_mm=column(20, 150),
        pit_m2=column(1, 12),
        catchment_m2=column(1, 20),
        interception_share=column(0.1, 0.4),
        demand_factor=column(0.4, 1.1),
        easy_share=column(0.3, 0.6),
    )
    start, rain = plots.capacity_mm * column(0, 1), random.gamma(0.3, 6, AHEAD_DAYS)
    et0 = np.full(AHEAD_DAYS, 4.0)
    _, seconds = timed(lambda: run(plots, depletion_mm=start, rain_mm=rain, et0_mm=et0))
    return {
        "trees": trees,
        "s": round(seconds, 2),
        "tree_days_per_s": round(trees * AHEAD_DAYS / seconds),
    }
