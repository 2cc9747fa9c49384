"""The weather of an invented summer: wet and dry spells, two heat waves, a forecast that errs.

Made from a seed, never from a real place. The heat waves are put in on purpose: nine days in late
June and thirteen from the end of July, hot and without rain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from irrigation.arrays import Numbers

DAYS = 183  # 1 April to 30 September
HEAT_WAVES = ((82, 91), (118, 131))  # first day, day after the last
AHEAD = 4  # days of forecast the policies see, today included


@dataclass(frozen=True, slots=True)
class Summer:
    """Arrays `(DAYS,)`, and forecasts `(DAYS, AHEAD)` as issued each morning."""

    rain_mm: Numbers
    et0_mm: Numbers
    told_rain_mm: Numbers
    told_et0_mm: Numbers


def summer(seed: int) -> Summer:
    """Make one summer."""
    random = np.random.default_rng([seed, 1])
    day = np.arange(DAYS)
    season = 2.2 + 2.3 * np.sin(np.pi * np.clip((day + 10) / 190, 0, 1))
    is_wet = _spells(random)
    rain = np.where(is_wet & (random.random(DAYS) < 0.55), random.gamma(0.75, 8.0, DAYS), 0.0)
    et0 = season * np.where(rain > 0, 0.75, 1.1) * random.normal(1, 0.1, DAYS)
    for first, end in HEAT_WAVES:
        rain[first:end] = 0.0
        et0[first:end] = random.normal(6.4, 0.5, end - first)
    et0 = np.clip(et0, 0.8, 8.0)
    told_rain, told_et0 = _forecasts(random, rain, et0)
    return Summer(rain, et0, told_rain, told_et0)


def _spells(random: np.random.Generator) -> np.ndarray:
    """Wet and dry spells of some days each."""
    wet = np.zeros(DAYS, dtype=bool)
    day, is_wet = 0, True
    while day < DAYS:
        length = int(random.integers(3, 9) if is_wet else random.integers(5, 16))
        wet[day : day + length] = is_wet
        day, is_wet = day + length, not is_wet
    return wet


def _forecasts(random: np.random.Generator, rain: Numbers, et0: Numbers) -> tuple[Numbers, Numbers]:
    """Make each lead worse than the one before: rain missed, invented or of another amount."""
    told_rain, told_et0 = np.zeros((DAYS, AHEAD)), np.zeros((DAYS, AHEAD))
    for lead in range(AHEAD):
        ahead = np.minimum(np.arange(DAYS) + lead, DAYS - 1)
        is_kept = random.random(DAYS) < 0.92 * np.exp(-lead / 7)
        amount = rain[ahead] * random.lognormal(-0.125, 0.5, DAYS)
        told_rain[:, lead] = np.where(is_kept, amount, random.permutation(rain))
        told_et0[:, lead] = et0[ahead] * np.clip(random.normal(1, 0.1 + 0.02 * lead, DAYS), 0.4, 2)
    return told_rain, told_et0
