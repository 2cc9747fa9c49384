"""How the trees of the simulated season are watered: by Stadtwart, by the calendar, all, or none.

A policy sees what a city would: the register, the weather station, the forecast, its sensors and
what it poured itself. It never sees the true soil.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from irrigation.arrays import Numbers
from irrigation.balance import assimilate, water_balance
from irrigation.balance.water_balance import Plots
from irrigation.plan import rule
from irrigation.plan.litres import LitresRule, Missing, TreeFacts, need
from irrigation.plan.schedule import Candidate, Thresholds, draft, dry_by, estimated_hours
from irrigation.simulated.season_sky import AHEAD, Summer

FIRST_DAY = date(2026, 4, 1)
OUTAGE = range(100, 107)  # a week without any weather, not even a forecast
FAILED = range(118, 132)  # one of the vehicles stands, in the second heat wave
CREW_HOURS_H = 7.5
SPREAD = 0.12  # q10 and q90 around the balance, as the archive shows for the sample city; a guess
CALENDAR_DAYS = 14
EVERYTHING_DAYS = 7
SENSOR_NOISE = 0.04


@dataclass(frozen=True, slots=True)
class Town:
    """What the register knows of the trees in care; arrays `(n,)`."""

    plots: Plots
    girth_cm: Numbers
    crown_m: Numbers
    planted_year: Numbers
    age_years: Numbers
    place_m: Numbers  # (n, 2)
    genus: np.ndarray
    soil: np.ndarray  # as the register names it; "" where it does not
    sensors: np.ndarray  # numbers of the trees that have one

    def facts(self, tree: int, missing: Missing | None) -> TreeFacts:
        """One tree as the litres rule asks for it."""

        def known(value: float) -> float | None:
            return None if np.isnan(value) else float(value)

        year = known(self.planted_year[tree])
        return TreeFacts(
            known(self.girth_cm[tree]),
            known(self.crown_m[tree]),
            None if year is None else int(year),
            missing,
        )


def works_on(day: int) -> bool:
    """Crews work from Monday to Friday."""
    return (FIRST_DAY + timedelta(days=day)).weekday() < 5


def hours_of(day: int, *, vehicles: int) -> float:
    """Working hours of all crews that day."""
    return CREW_HOURS_H * (vehicles - (day in FAILED))


@dataclass
class Calendar:
    """Every tree every so many days, by the litres rule without a balance, in a fixed round."""

    town: Town
    every_days: int
    vehicles: int | None  # None: no limit of hours
    waiting: list[int] = field(default_factory=list)

    def pour(self, day: int, _summer: Summer, _readings: Numbers) -> Numbers:
        """Return litres `(n,)` for the day; what does not fit is first on the next."""
        count = len(self.town.girth_cm)
        litres = np.zeros(count)
        if not works_on(day):
            return litres
        working = [one for one in range(self.every_days) if works_on(one)]
        turn = sum(works_on(one) for one in range(day)) % len(working)
        self.waiting += [n for n in range(count) if n % len(working) == turn]
        hours = np.inf if self.vehicles is None else hours_of(day, vehicles=self.vehicles)
        on = FIRST_DAY + timedelta(days=day)
        while self.waiting:
            tree = self.waiting[0]
            wanted = need(self.town.facts(tree, None), on=on, rule=LitresRule()).litres
            takes_h = estimated_hours([wanted], Thresholds())
            if takes_h > hours:
                break
            hours -= takes_h
            litres[tree] += wanted
            self.waiting.pop(0)
        return litres


@dataclass
class Nothing:
    """No watering at all: what the summer does by itself."""

    town: Town

    def pour(self, _day: int, _summer: Summer, _readings: Numbers) -> Numbers:
        """Return no litres."""
        return np.zeros(len(self.town.girth_cm))


@dataclass
class Stadtwart:
    """The product's own parts: balance, sensors, litres rule, draft; the rule without weather.

    The person who approves is assumed to approve everything. Driving is the draft's estimate.
    """

    town: Town
    vehicles: int
    season_l: Numbers | None = None  # most litres up to the end of each day
    depletion_mm: Numbers = field(init=False)
    poured_l: float = 0.0
    last_day: Numbers = field(init=False)
    behind: list[tuple[int, Numbers]] = field(default_factory=list)  # days without weather yet

    def __post_init__(self) -> None:
        """Begin with full soil and no watering yet."""
        count = len(self.town.girth_cm)
        self.depletion_mm = np.zeros(count)
        self.last_day = np.full(count, -np.inf)

    def pour(self, day: int, summer: Summer, readings: Numbers) -> Numbers:
        """Return litres `(n,)` for the day, as the morning's draft gives them."""
        has_weather = day not in OUTAGE
        if has_weather:
            self._catch_up(summer)
        candidates = self._candidates(day, summer, readings) if has_weather else self._by_rule(day)
        litres = np.zeros(len(self.town.girth_cm))
        if works_on(day):
            proposed = draft(
                candidates,
                for_day=FIRST_DAY + timedelta(days=day),
                thresholds=Thresholds(),
                budget_l=None if self.season_l is None else self.season_l[day] - self.poured_l,
                hours_h=hours_of(day, vehicles=self.vehicles),
            )
            for stop in proposed.stops:
                litres[int(stop.tree.tree_id)] = stop.tree.need.litres
        self.poured_l += float(litres.sum())
        self.last_day[litres > 0] = day
        self.behind.append((day, litres))
        return litres

    def _catch_up(self, summer: Summer) -> None:
        """Carry the balance to this morning, with the days the feed had missed."""
        if not self.behind:
            return
        days = [one for one, _ in self.behind]
        account = water_balance.run(
            self.town.plots,
            depletion_mm=self.depletion_mm,
            rain_mm=summer.rain_mm[days],
            et0_mm=summer.et0_mm[days],
            litres=np.stack([litres for _, litres in self.behind]),
        )
        self.depletion_mm = account.depletion_mm[-1]
        self.behind.clear()

    def _candidates(self, day: int, summer: Summer, readings: Numbers) -> list[Candidate]:
        """Forecast each tree, moved by the sensors; leave out those far from dry."""
        plots = self.town.plots
        now = 1 - self.depletion_mm / plots.capacity_mm
        shift = self._shift(now, readings)
        ahead = water_balance.run(
            plots,
            depletion_mm=self.depletion_mm,
            rain_mm=summer.told_rain_mm[day],
            et0_mm=summer.told_et0_mm[day],
        ).extractable(plots.capacity_mm)
        curve = np.clip(np.vstack([now[None, :], ahead[: AHEAD - 1]]) + shift, 0, 1)
        limits = Thresholds()
        dry = np.flatnonzero(curve[:2].min(axis=0) < limits.act_below)
        return [self._candidate(int(tree), day, curve[:, tree], limits) for tree in dry]

    def _candidate(self, tree: int, day: int, curve: Numbers, limits: Thresholds) -> Candidate:
        on = FIRST_DAY + timedelta(days=day)
        holds_l = self.town.plots.capacity_mm[tree] * self.town.plots.pit_m2[tree]
        wet, likely, dry = (
            float((1 - np.clip(curve[0] + by, 0, 1)) * holds_l) for by in (SPREAD, 0, -SPREAD)
        )
        told = curve.tolist()
        last = self.last_day[tree]
        return Candidate(
            tree_id=str(tree),
            district_id=None,
            rew_q50=told[0],
            dry_by=dry_by(
                on,
                q10=[one - SPREAD for one in told],
                q50=told,
                q90=[one + SPREAD for one in told],
                act_below=limits.act_below,
            ),
            need=need(self.town.facts(tree, Missing(wet, likely, dry)), on=on, rule=LitresRule()),
            last_watered_on=None if np.isinf(last) else FIRST_DAY + timedelta(days=int(last)),
        )

    def _shift(self, now: Numbers, readings: Numbers) -> Numbers:
        sensors = self.town.sensors
        found = assimilate.Residuals(
            tree=sensors.astype(float),
            residual=readings - now[sensors],
            age_days=np.zeros(len(sensors)),
        )
        moved, _ = assimilate.shifts(found, self.town.place_m, self.town.genus)
        return moved

    def _by_rule(self, day: int) -> list[Candidate]:
        """Without weather: who is due by the stated rule."""
        due = rule.due(self.town.age_years, day - self.last_day)
        on = FIRST_DAY + timedelta(days=day)
        nobody_knows = dry_by(on, q10=[], q50=[], q90=[], act_below=0.0)
        return [
            Candidate(
                tree_id=str(tree),
                district_id=None,
                rew_q50=None,
                dry_by=nobody_knows,
                need=need(self.town.facts(int(tree), None), on=on, rule=LitresRule()),
            )
            for tree in np.flatnonzero(due)
        ]


def blind(town: Town) -> Town:
    """The same town without sensors."""
    return replace(town, sensors=town.sensors[:0])
