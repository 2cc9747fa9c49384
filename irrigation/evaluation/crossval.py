"""Leave sites and times out together: no model is asked about a site or a season it has seen."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import msgspec
import numpy as np

from irrigation.arrays import Truths
from irrigation.model.boosted import FORECAST, NOWCAST, Recipe
from irrigation.model.stations import Panel


class Plan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What an evaluation does; the defaults are the published figures."""

    horizons: tuple[int, ...] = (1, 3, 7, 14)
    outlooks: tuple[str, ...] = ("perfect", "imperfect", "none")
    site_folds: int = 5
    time_blocks: int = 4
    calibration_share: float = 0.25  # training sites kept for gate and interval
    warm_up_days: int = 30  # a sensor's first days are no test: it does not know its soil
    forecast: Recipe = FORECAST
    nowcast: Recipe = NOWCAST
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Split:
    """Masks `(sites, days)`: grow trees, calibrate, test. No site is in two of them."""

    grow: Truths
    calibrate: Truths
    test: Truths


def splits(panel: Panel, plan: Plan, *, days_ahead: int, blocks: int) -> Iterator[Split]:
    """Every site-day is tested once; a training row's target lies outside the tested block."""
    random = np.random.default_rng(plan.seed)
    sites, days = panel.water_mm.shape
    fold = random.permutation(sites) % plan.site_folds
    edges = np.linspace(0, days, blocks + 1).astype(int)
    for left_out in range(plan.site_folds):
        others = random.permutation(np.flatnonzero(fold != left_out))
        kept = np.zeros(sites, dtype=bool)
        kept[others[: max(1, round(len(others) * plan.calibration_share))]] = True
        for start, end in itertools.pairwise(edges):
            today = np.arange(days)
            block = (today >= start) & (today < end)
            apart = (today + days_ahead < start) | (today >= end + days_ahead)
            if blocks == 1:
                apart = np.ones(days, dtype=bool)
            grow = (fold != left_out) & ~kept
            yield Split(
                grow=grow[:, None] & apart[None, :],
                calibrate=kept[:, None] & apart[None, :],
                test=(fold == left_out)[:, None] & block[None, :],
            )
