"""The released model's opinion on trees: what it adds to each tree's own balance.

A tree has no sensor, so its balance stands in for one: rain is what enters the pit, thirst what its
crown draws, and the released parts then say by how much such a balance was wrong at the stations.
A stretch from grass plots to street trees; that is why the gate decides whether it is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Any

import numpy as np

from irrigation.arrays import Numbers, Singles
from irrigation.balance.water_balance import Account, infiltration_mm
from irrigation.errors import ModelError
from irrigation.feeds.sky import Sky
from irrigation.model import explain, features, outlook, station_balance
from irrigation.model.boosted import Learned
from irrigation.model.features import Features, Sensor
from irrigation.model.outlook import Outlook
from irrigation.model.released import Release
from irrigation.model.stations import Panel
from irrigation.night.tree_states import States, distinct_rows

ANCHORS_D = (0, 1, 3, 7, 14)  # 0: this morning
EXPLAINED_D = 7  # a crew's week: the horizon whose reasons are told
NORMAL_80 = 1.2816  # half width of the middle 80 % of a normal distribution, in deviations
CHUNK = 2_000  # states at once: bounds the memory
LOOK_BACK_DAYS = 40  # the forecast's features remember a month
UNKNOWN_RMSE = {"balance": 0.26, "climatology": 0.29}  # docs/irrigation.md, 60 stations
STATION_RANGE_MM = 80.0  # a guess: what the stations' soils hold between dry and wet, 0-40 cm


@dataclass(frozen=True, slots=True)
class Opinion:
    """REW at the anchors, arrays `(anchors, states)`; half widths hold 80 %."""

    level: Singles
    below: Singles  # level less q10
    above: Singles  # q90 less level
    moved: Singles | None  # (explain.MOVERS, states) mm in EXPLAINED_D days; None: not learned


@dataclass(frozen=True, slots=True)
class Change:
    """By how much the water changes until one anchor, arrays `(states,)`."""

    days: int
    mm: Numbers
    below_mm: Numbers
    above_mm: Numbers
    moved_mm: Numbers | None  # (explain.MOVERS, states)


@dataclass(frozen=True, slots=True)
class TreeModel:
    """The parts of one release, read once."""

    release: Release
    kind: str  # which weather outlook: "imperfect" or "none"
    now: Learned
    ahead: dict[int, Learned]
    chosen: dict[int, str]  # the release's own gate, by anchor

    @classmethod
    def of(cls, release: Release, *, has_forecast: bool) -> TreeModel:
        """Read the parts; raises ModelError for a release that lacks one."""
        kind = "imperfect" if has_forecast else "none"
        now, verdict = release.learned("nowcast")
        ahead, chosen = {}, {0: verdict.chosen}
        for days in ANCHORS_D[1:]:
            ahead[days], verdict = release.learned(f"forecast-{days}-{kind}")
            chosen[days] = verdict.chosen
        return cls(release, kind, now, ahead, chosen)

    def opinion(self, states: States, account: Account, sky: Sky, rew_now: Singles) -> Opinion:
        """Ask for every state; `account` is the balance of the past days."""
        parts = [
            self._ask(states, account, sky, rew_now, slice(start, start + CHUNK))
            for start in range(0, len(states), CHUNK)
        ]
        if not parts:
            empty = np.empty((len(ANCHORS_D), 0), np.float32)
            return Opinion(empty, empty, empty, None)
        moved = [part.moved for part in parts if part.moved is not None]
        return Opinion(
            level=np.concatenate([part.level for part in parts], axis=1),
            below=np.concatenate([part.below for part in parts], axis=1),
            above=np.concatenate([part.above for part in parts], axis=1),
            moved=np.concatenate(moved, axis=1) if moved else None,
        )

    def _ask(
        self, states: States, account: Account, sky: Sky, rew_now: Singles, part: slice
    ) -> Opinion:
        panel, grown = _panels(states, account, sky, part)
        capacity = states.plots.capacity_mm[part].astype(np.float64)
        rew = rew_now[part].astype(np.float64)
        table, base = _last_day(self.now, features.nowcast(panel), features.NOWCAST_BASE)
        answer, bounds = self.now.answer(table, base), self.now.interval(table, base)
        anchored = states.anchored[part]
        used = self.chosen[0] == "learned"
        now = [np.where(anchored | (not used), rew, np.clip(rew + answer - base, 0.0, 1.0))]
        down = [np.where(anchored, SENSOR_REACH, np.maximum(answer - bounds[:, 0], 0.0))]
        up = [np.where(anchored, SENSOR_REACH, np.maximum(bounds[:, 1] - answer, 0.0))]
        moved = None
        for change in self._changes(grown, sky, part, states):
            now.append(np.clip(now[0] + change.mm / capacity, 0.0, 1.0))
            down.append(_together(down[0], change.below_mm / capacity, days=change.days))
            up.append(_together(up[0], change.above_mm / capacity, days=change.days))
            if change.moved_mm is not None:
                moved = change.moved_mm.astype(np.float32)
        level, below, above = (np.stack(some).astype(np.float32) for some in (now, down, up))
        return Opinion(level, below, above, moved)

    def _changes(self, panel: Panel, sky: Sky, part: slice, states: States) -> Iterator[Change]:
        """What the released parts say of each anchor ahead."""
        sensor = Sensor(
            driest_mm=np.zeros(panel.water_mm.shape),
            range_mm=np.broadcast_to(panel.capacity_mm[:, None], panel.water_mm.shape),
        )
        coming = _coming(panel, sky, states, part)
        past = outlook.perfect(panel)
        for days in ANCHORS_D[1:]:
            learned = self.ahead[days]
            found = features.forecast(panel, sensor, coming, past, days=days)
            table, base = _last_day(learned, found, "balance_change")
            answer, bounds = learned.answer(table, base), learned.interval(table, base)
            said = {"learned": answer, "balance": base}
            explained = days == EXPLAINED_D and self.chosen[days] == "learned"
            yield Change(
                days=days,
                mm=said.get(self.chosen[days], np.zeros(len(base))),
                below_mm=np.maximum(answer - bounds[:, 0], 0.0),
                above_mm=np.maximum(bounds[:, 1] - answer, 0.0),
                moved_mm=_moved(learned, table, base) if explained else None,
            )


def _moved(learned: Learned, table: Numbers, base: Numbers) -> Numbers:
    """Explain equal rows once: trees that differ in their pit alone look the same to the model."""
    first, kind = distinct_rows([*table.T, base])
    parts = learned.contributions(table[first])
    moved = explain.by_topic(learned.names, parts, balance_mm=base[first])
    every: Numbers = moved[:, kind]
    return every


SENSOR_REACH = 0.10  # a guess: one sensor at one depth speaks for a root zone within this


def _together(now: Numbers, ahead: Numbers, *, days: int) -> Numbers:
    """Errors of today and of the change add in squares; no worse than knowing the season."""
    worst = NORMAL_80 * UNKNOWN_RMSE["climatology"] if days else np.inf
    return np.minimum(np.hypot(now, ahead), np.maximum(worst, now))


def balance_reach(card: dict[str, Any] | None) -> Numbers:
    """Half widths `(anchors,)` around the bare balance: its errors at the stations, in REW."""
    error = dict(UNKNOWN_RMSE)
    ahead_mm = {1: 7.9, 3: 11.7, 7: 17.6, 14: 23.5}  # docs/irrigation.md, imperfect weather
    if card is not None:
        error |= {
            name: value
            for name, value in card["parts"]["nowcast"]["gate"]["errors"].items()
            if name in error
        }
        for days in ahead_mm:
            part = card["parts"].get(f"forecast-{days}-imperfect")
            if part is not None:
                ahead_mm[days] = part["gate"]["errors"]["balance"]
    reach = [error["balance"]]
    reach += [np.hypot(error["balance"], mm / STATION_RANGE_MM) for mm in ahead_mm.values()]
    worst = max(error["climatology"], error["balance"])
    return NORMAL_80 * np.minimum(np.array(reach, np.float64), worst)


def _last_day(learned: Learned, found: Features, base: str) -> tuple[Numbers, Numbers]:
    """The model's columns of the last day, in its order, and what the balance says there."""
    lacking = [
        name
        for name in learned.names
        if name not in found.series and not name.startswith("sensors_within")
    ]
    if lacking:
        raise ModelError(
            f"the model asks for {', '.join(lacking)}, which this program does not compute: "
            "install model and program of one version"
        )
    nothing = np.zeros_like(found.series[base])
    columns = [found.series.get(name, nothing)[:, -1] for name in learned.names]
    return np.stack(columns, axis=1), found.series[base][:, -1]


def _panels(states: States, account: Account, sky: Sky, part: slice) -> tuple[Panel, Panel]:
    """The states as if they were stations: all past days, and the last ones with their water."""
    plots = states.plots
    some = type(plots)(**{f.name: getattr(plots, f.name)[part] for f in fields(plots)})
    rain = np.stack(
        [
            infiltration_mm(some, rain_mm=one, litres=cans)
            for one, cans in zip(sky.behind(sky.rain_mm), states.litres[:, part], strict=True)
        ],
        axis=1,
    ).astype(np.float64)
    factor = some.demand_factor.astype(np.float64) / station_balance.GRASS_FACTOR
    count, shape = len(factor), rain.shape
    capacity = some.capacity_mm.astype(np.float64)
    water = (capacity[None, :] - account.depletion_mm[:, part]).T.astype(np.float64)

    def every(values: Numbers) -> Numbers:
        return np.broadcast_to(sky.behind(values), shape)

    def panel(last: slice) -> Panel:
        values: dict[str, Any] = {
            "sites": np.arange(count).astype(np.str_),
            "days": _days(sky)[: sky.past][last],
            "latitude_deg": np.zeros(count),
            "longitude_deg": np.zeros(count),
            "rain_mm": rain[:, last],
            "et0_mm": (factor[:, None] * sky.behind(sky.et0_mm))[:, last],
            "mean_c": every(sky.mean_c)[:, last],
            "span_c": every(sky.span_c)[:, last],
            "humidity_share": every(sky.humidity_share)[:, last],
            "water_mm": water[:, last],
            "wilting_mm": np.zeros(count),
            "capacity_mm": capacity,
            "rain_missing": np.zeros(shape, dtype=bool)[:, last],
        }
        return Panel(**{field.name: values[field.name] for field in fields(Panel)})

    return panel(slice(None)), panel(slice(-LOOK_BACK_DAYS, None))


def _coming(panel: Panel, sky: Sky, states: States, part: slice) -> Outlook:
    """The outlook of the last day; the days before it do not matter and repeat it."""
    plots = states.plots
    funnel = plots.catchment_m2[part] / plots.pit_m2[part] * (1 - plots.interception_share[part])
    factor = plots.demand_factor[part] / station_balance.GRASS_FACTOR
    days = panel.rain_mm.shape[1]

    def leads(values: Numbers, share: Singles) -> Numbers:
        each = sky.ahead(values)[:, None, None] * share.astype(np.float64)[None, :, None]
        return np.broadcast_to(each, (len(each), len(share), days))

    return Outlook(leads(sky.rain_mm, funnel), leads(sky.et0_mm, factor))


def _days(sky: Sky) -> np.ndarray[Any, Any]:
    """The days; a simulated summer counts as summer whatever the calendar says."""
    first = sky.days[0]
    if sky.simulated:
        first = date(2025, 8, 5) - (sky.for_day - first)
    return np.array([np.datetime64(first + timedelta(days=n), "D") for n in range(len(sky.days))])
