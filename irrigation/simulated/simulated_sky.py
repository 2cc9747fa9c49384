"""Weather of an invented city: dry spells and wet weeks, the same for the same day. Never real.

A forecast is the coming weather made worse with its lead, as in `outlook.imperfect`.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from irrigation.feeds.sky import AHEAD_DAYS, WeatherDay

SPELL_DAYS = 34  # a wet stretch, then a dry one
WET_DAYS = 18
DRY_ON_ANCHOR_DAYS = 10
SIMULATED = ("simulated",)


def observed(day: date, *, anchor: date) -> WeatherDay:
    """One day; on the anchor the dry spell has lasted for ten days."""
    random = np.random.default_rng([day.toordinal(), 11])
    place = ((day - anchor).days + WET_DAYS + DRY_ON_ANCHOR_DAYS) % SPELL_DAYS
    is_wet = place < WET_DAYS
    rain = float(random.gamma(0.8, 10.0)) if is_wet and random.random() < 0.6 else 0.0
    if not is_wet and random.random() < 0.06:
        rain = float(random.uniform(0.2, 2.0))  # a drizzle that reaches no root
    heat = 0.0 if is_wet else min(place - WET_DAYS, 10) / 10
    et0 = float(np.clip(random.normal(3.2 + 2.2 * heat, 0.4), 1.5, 7.5))
    return WeatherDay(
        day=day,
        kind="observed",
        issued_on=day,
        rain_mm=round(rain, 1),
        et0_mm=round(et0, 2),
        mean_c=round(17.0 + 7.0 * heat + float(random.normal(0, 1)), 1),
        span_c=round(9.0 + 5.0 * heat, 1),
        humidity_share=round(0.72 - 0.2 * heat, 2),
        flags=SIMULATED,
    )


def forecast(issued_on: date, *, anchor: date) -> list[WeatherDay]:
    """What a service would have said that morning of the day and the thirteen after it."""
    return [_told(issued_on, lead, anchor) for lead in range(1, AHEAD_DAYS + 1)]


def _told(issued_on: date, lead: int, anchor: date) -> WeatherDay:
    day = issued_on + timedelta(days=lead - 1)
    random = np.random.default_rng([issued_on.toordinal(), lead, 12])
    truth = observed(day, anchor=anchor)
    other = observed(day + timedelta(days=int(random.integers(-8, 9))), anchor=anchor)
    is_kept = random.random() < 0.9 * np.exp(-(lead - 1) / 7)
    rain = truth.rain_mm * float(random.lognormal(-0.125, 0.5)) if is_kept else other.rain_mm
    factor = float(np.clip(random.normal(1.0, 0.10 + 0.02 * lead), 0.2, 2.0))
    return WeatherDay(
        day=day,
        kind="forecast",
        issued_on=issued_on,
        rain_mm=round(rain, 1),
        et0_mm=round(truth.et0_mm * factor, 2),
        mean_c=truth.mean_c,
        span_c=truth.span_c,
        humidity_share=None,
        flags=SIMULATED,
    )
