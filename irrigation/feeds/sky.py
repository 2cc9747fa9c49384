"""The weather of one night: ninety days behind, fourteen ahead, and how far it can be trusted.

Pure. What stands in for a missing day is flagged; after the profile's hours without an observation
no balance is believed any more and the rule decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum

import numpy as np

from irrigation.arrays import Numbers
from irrigation.errors import WeatherError

PAST_DAYS = 90  # what a root zone remembers, with room
AHEAD_DAYS = 14
USUAL_DAYS = 7  # without a forecast: dry, and as thirsty as on the mean of these


class WeatherState(Enum):
    """How old the newest observation is."""

    FRESH = "fresh"
    STALE = "stale"  # the last good values stand in, with their age
    RULE = "rule"  # too old: the rule decides


@dataclass(frozen=True, slots=True)
class WeatherDay:
    """One day of one feed."""

    day: date
    kind: str  # observed | forecast
    issued_on: date
    rain_mm: float
    et0_mm: float
    mean_c: float
    span_c: float
    humidity_share: float | None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sky:
    """Days in order; arrays `(days,)`, the first `past` of them behind us."""

    for_day: date
    days: list[date]
    past: int
    rain_mm: Numbers
    et0_mm: Numbers
    mean_c: Numbers
    span_c: Numbers
    humidity_share: Numbers  # NaN: not measured
    observed_until: date
    forecast_issued_on: date | None  # None: nothing is known of the coming days
    age_h: float
    state: WeatherState
    filled_days: int  # past days without an observation: a forecast or the usual stands in
    radiation_estimated_days: int
    simulated: bool

    def behind(self, values: Numbers) -> Numbers:
        """The part of a series up to yesterday."""
        part: Numbers = values[: self.past]
        return part

    def ahead(self, values: Numbers) -> Numbers:
        """The part from today on."""
        part: Numbers = values[self.past :]
        return part


def compose(
    rows: Iterable[WeatherDay], *, for_day: date, now: datetime, fresh_h: float, rule_h: float
) -> Sky:
    """Take the observation of each day, else its newest forecast, else the usual.

    Raises WeatherError when no day before `for_day` was observed.
    """
    seen, told = _sort(rows, for_day=for_day)
    if not seen:
        raise WeatherError("no weather was observed before this day: stadtwart irrigation fetch")
    until = max(seen)
    first = max(min(seen), for_day - timedelta(days=PAST_DAYS))
    span = (for_day - first).days + AHEAD_DAYS
    days = [first + timedelta(days=n) for n in range(span)]
    usual = _usual([seen[day] for day in sorted(seen)[-USUAL_DAYS:]])
    chosen = [seen.get(day) or told.get(day) or usual for day in days]
    past = (for_day - first).days
    age_h = (now - datetime.combine(until + timedelta(days=1), time(), UTC)) / timedelta(hours=1)
    return Sky(
        for_day=for_day,
        days=days,
        past=past,
        rain_mm=np.array([row.rain_mm for row in chosen], np.float64),
        et0_mm=np.array([row.et0_mm for row in chosen], np.float64),
        mean_c=np.array([row.mean_c for row in chosen], np.float64),
        span_c=np.array([row.span_c for row in chosen], np.float64),
        humidity_share=np.array(
            [np.nan if row.humidity_share is None else row.humidity_share for row in chosen],
            np.float64,
        ),
        observed_until=until,
        forecast_issued_on=max(
            (told[day].issued_on for day in days[past:] if day in told), default=None
        ),
        age_h=round(max(age_h, 0.0), 1),
        state=judge(age_h, fresh_h=fresh_h, rule_h=rule_h),
        filled_days=sum(day not in seen for day in days[:past]),
        radiation_estimated_days=sum("radiation estimated" in row.flags for row in chosen[:past]),
        simulated=any("simulated" in row.flags for row in chosen),
    )


def judge(age_h: float, *, fresh_h: float, rule_h: float) -> WeatherState:
    """Say how far weather of an age can be trusted.

    >>> [judge(h, fresh_h=36, rule_h=48).value for h in (6, 40, 48.1)]
    ['fresh', 'stale', 'rule']
    """
    if age_h > rule_h:
        return WeatherState.RULE
    return WeatherState.STALE if age_h > fresh_h else WeatherState.FRESH


def _sort(
    rows: Iterable[WeatherDay], *, for_day: date
) -> tuple[dict[date, WeatherDay], dict[date, WeatherDay]]:
    """Observations before the day, and the newest forecast of each day made by then."""
    seen: dict[date, WeatherDay] = {}
    told: dict[date, WeatherDay] = {}
    for row in rows:
        if row.kind == "observed" and row.day < for_day:
            seen[row.day] = row
        elif row.kind == "forecast" and row.issued_on <= for_day:
            newest = told.get(row.day)
            if newest is None or newest.issued_on < row.issued_on:
                told[row.day] = row
    return seen, told


def _usual(lately: list[WeatherDay]) -> WeatherDay:
    """No rain and the mean thirst of the last observed days: the cautious side for a tree."""

    def mean(values: list[float]) -> float:
        return float(np.mean(values))

    return WeatherDay(
        day=lately[-1].day,
        kind="usual",
        issued_on=lately[-1].day,
        rain_mm=0.0,
        et0_mm=mean([row.et0_mm for row in lately]),
        mean_c=mean([row.mean_c for row in lately]),
        span_c=mean([row.span_c for row in lately]),
        humidity_share=None,
        flags=("filled", *(("simulated",) if "simulated" in lately[-1].flags else ())),
    )
