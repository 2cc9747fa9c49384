"""From a forecast to what people read: how urgent, dry by when, how many litres. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from irrigation.arrays import Numbers, Singles
from irrigation.night.tree_forecast import Forecast
from irrigation.night.tree_states import States, Whole
from irrigation.plan import litres as rule_of_litres
from irrigation.plan.litres import LitresRule
from irrigation.plan.schedule import Thresholds, Urgency

NEVER = -1  # not within the outlook


@dataclass(frozen=True, slots=True)
class Outcome:
    """By state: urgency, days until dry; by tree: litres (-1: nobody can say)."""

    method: list[str]
    urgency: list[str]
    dry_in_days: np.ndarray[Any, np.dtype[np.int64]]  # (3, states): earliest, likely, latest
    litres: np.ndarray[Any, np.dtype[np.int16]]  # (3, trees): likely, low, high


def judge(
    states: States,
    forecast: Forecast | None,
    facts: tuple[Numbers, Numbers, Numbers],
    *,
    on: date,
    thresholds: Thresholds,
    rule: LitresRule,
) -> Outcome:
    """Say it for each state; `facts` are girth, crown and planting year of each tree.

    Without a forecast the stated rule decides: due or unknown, never good.
    """
    if forecast is None:
        dry = np.full((3, len(states)), NEVER)
        urgency = [Urgency.ACT.value if due else Urgency.UNKNOWN.value for due in states.due]
        method = ["rule"] * len(states)
    else:
        q10, q50, q90 = forecast.q10, forecast.q50, forecast.q90
        dry = np.stack([_dry_in(q, thresholds.act_below) for q in (q10, q50, q90)])
        urgency = _urgency(forecast.q50[0], thresholds)
        method = np.where(forecast.by_model, "model", "balance").tolist()
    wanted = np.array([one in (Urgency.URGENT.value, Urgency.ACT.value) for one in urgency], bool)
    litres = _litres(states, forecast, facts, wanted, on=on, rule=rule)
    if forecast is None:
        litres[:, ~wanted[states.of_tree]] = -1
    return Outcome(method, urgency, dry, litres)


def dates(days: int, on: date) -> date | None:
    """The day after so many days; None for never."""
    return None if days == NEVER else on + timedelta(days=days)


def _urgency(now: Singles, thresholds: Thresholds) -> list[str]:
    words = np.where(
        now < thresholds.urgent_below,
        Urgency.URGENT.value,
        np.where(now < thresholds.act_below, Urgency.ACT.value, Urgency.GOOD.value),
    )
    return list(words.tolist())


def _dry_in(curve: Singles, act_below: float) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Days until a curve falls below; 0 is today: this morning, or by the end of the day."""
    below = curve < act_below
    first = np.maximum(np.argmax(below, axis=0) - 1, 0)
    return np.where(below.any(axis=0), first, NEVER)


def _litres(
    states: States,
    forecast: Forecast | None,
    facts: tuple[Numbers, Numbers, Numbers],
    wanted: np.ndarray[Any, np.dtype[np.bool_]],
    *,
    on: date,
    rule: LitresRule,
) -> np.ndarray[Any, np.dtype[np.int16]]:
    """Litres of each tree that wants water; zero for the others."""
    found = np.zeros((3, len(states.of_tree)), dtype=np.int16)
    thirsty = np.flatnonzero(wanted[states.of_tree])
    girth, crown, year = (values[thirsty] for values in facts)
    missing = None
    if forecast is not None:
        missing = _missing_l(states, forecast, states.of_tree[thirsty])
    found[:, thirsty] = rule_of_litres.needs(girth, crown, year, missing, on=on, rule=rule)
    return found


def _missing_l(states: States, forecast: Forecast, of: Whole) -> tuple[Numbers, Numbers, Numbers]:
    """Litres up to field capacity of trees in these states, from q90, q50 and q10 of today."""
    holds_l = states.plots.capacity_mm * states.plots.pit_m2
    low, likely, high = (
        ((1 - q[0]) * holds_l).astype(np.float64)[of]
        for q in (forecast.q90, forecast.q50, forecast.q10)
    )
    return low, likely, high
