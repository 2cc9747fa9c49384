"""Which trees a watering plan holds: who is dry by when, in which order, within litres and hours.

Pure values. The machine only drafts: a person changes, approves or rejects the plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from irrigation.plan.litres import Care, Need
from irrigation.plan.schedule_words import Words, left_out_words, reason_words


class Urgency(Enum):
    """How dry a tree is today, by the likely soil water."""

    URGENT = "urgent"  # below the urgent threshold
    ACT = "act"  # below the threshold to act
    GOOD = "good"
    UNKNOWN = "unknown"  # no forecast


class LeftOut(Enum):
    """Why a tree in need is not on the plan."""

    LITRES = "litres"  # the budget of litres is used up
    HOURS = "hours"  # the estimated hours are used up
    WATERED = "watered"  # had water within the pause
    INSPECTION = "inspection"  # reported dead: a person looks first
    GROUP = "group"  # a stand of trees: no rule for one tree fits


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Relative extractable water below which a tree is watered; settings of a city."""

    act_below: float = 0.40
    urgent_below: float = 0.30
    pause_days: int = 3  # a guess: no second watering before the first has been drawn
    minutes_per_stop: float = 6.0  # a guess: stop, unroll, roll up
    minutes_between_stops: float = 3.0  # a guess for the draft; the tours measure it
    flow_l_min: float = 60.0  # a guess: what leaves the hose

    def __post_init__(self) -> None:
        """Refuse thresholds in the wrong order."""
        if not 0 <= self.urgent_below <= self.act_below <= 1:
            raise ValueError("thresholds need 0 <= urgent_below <= act_below <= 1")
        if self.flow_l_min <= 0 or min(self.minutes_per_stop, self.minutes_between_stops) < 0:
            raise ValueError("flow_l_min must be above 0, minutes 0 or more")


@dataclass(frozen=True, slots=True)
class DryBy:
    """When a tree falls below the threshold; None: not within the outlook."""

    earliest: date | None  # if the soil is as dry as q10
    likely: date | None  # q50
    latest: date | None  # q90


@dataclass(frozen=True, slots=True)
class Candidate:
    """A tree as the plan sees it."""

    tree_id: str
    district_id: str | None
    rew_q50: float | None  # today, 0..1
    dry_by: DryBy
    need: Need
    is_group: bool = False
    last_watered_on: date | None = None
    not_reached_on: date | None = None  # the crew came in vain: it comes back first
    awaits_inspection: bool = False
    is_due_by_rule: bool = True  # what irrigation.plan.rule says where there is no forecast


@dataclass(frozen=True, slots=True)
class Stop:
    """A tree on the draft."""

    tree: Candidate
    urgency: Urgency
    reason: Words


@dataclass(frozen=True, slots=True)
class Omission:
    """A tree in need that is not on the draft."""

    tree: Candidate
    urgency: Urgency
    why: LeftOut
    reason: Words


@dataclass(frozen=True, slots=True)
class Draft:
    """What the machine proposes."""

    stops: list[Stop]
    left_out: list[Omission]

    @property
    def litres(self) -> int:
        """All litres of the draft."""
        return sum(stop.tree.need.litres for stop in self.stops)


def urgency(rew_q50: float | None, thresholds: Thresholds) -> Urgency:
    """Read how dry a tree is from the likely soil water.

    >>> urgency(0.35, Thresholds())
    <Urgency.ACT: 'act'>
    """
    if rew_q50 is None:
        return Urgency.UNKNOWN
    if rew_q50 < thresholds.urgent_below:
        return Urgency.URGENT
    return Urgency.ACT if rew_q50 < thresholds.act_below else Urgency.GOOD


def dry_by(
    first_day: date,
    *,
    q10: Sequence[float],
    q50: Sequence[float],
    q90: Sequence[float],
    act_below: float,
) -> DryBy:
    """Find the first day of each curve below the threshold: an interval, not a point.

    >>> dry_by(date(2026, 7, 1), q10=[0.3, 0.2], q50=[0.5, 0.39], q90=[0.7, 0.6], act_below=0.4)
    DryBy(earliest=datetime.date(2026, 7, 1), likely=datetime.date(2026, 7, 2), latest=None)
    """

    def first_below(curve: Sequence[float]) -> date | None:
        for day, value in enumerate(curve):
            if value < act_below:
                return first_day + timedelta(days=day)
        return None

    return DryBy(first_below(q10), first_below(q50), first_below(q90))


def draft(
    trees: Sequence[Candidate],
    *,
    for_day: date,
    thresholds: Thresholds,
    budget_l: float | None = None,
    hours_h: float | None = None,
) -> Draft:
    """Propose a plan: the driest first, until litres or hours are used up.

    A tree that no longer fits is left out by name, and a smaller one behind it may still fit.
    """
    stops: list[Stop] = []
    left_out: list[Omission] = []
    litres, minutes = 0.0, 0.0
    in_need = [tree for tree in trees if is_in_need(tree, for_day=for_day, thresholds=thresholds)]
    for tree in sorted(in_need, key=lambda one: _rank(one, for_day, thresholds)):
        level = urgency(tree.rew_q50, thresholds)
        takes_min = _minutes(tree.need.litres, thresholds)
        why = _stands_in_the_way(tree, for_day=for_day, level=level, thresholds=thresholds)
        if why is None and budget_l is not None and litres + tree.need.litres > budget_l:
            why = LeftOut.LITRES
        if why is None and hours_h is not None and minutes + takes_min > hours_h * 60:
            why = LeftOut.HOURS
        if why is not None:
            words = left_out_words(why.value, tree.last_watered_on, budget_l, hours_h)
            left_out.append(Omission(tree, level, why, words))
            continue
        litres, minutes = litres + tree.need.litres, minutes + takes_min
        stops.append(Stop(tree, level, _reason(tree, level, thresholds)))
    return Draft(stops, left_out)


def is_in_need(tree: Candidate, *, for_day: date, thresholds: Thresholds) -> bool:
    """Say whether a tree wants water on that day.

    Young and unknown trees from the threshold to act on; established trees, which root beyond
    their pit, only below the urgent one. Without a forecast the stated rule decides. A group of
    trees always counts, so that it is named and a person looks at it.
    """
    level = urgency(tree.rew_q50, thresholds)
    if tree.is_group:
        return True
    if level is Urgency.UNKNOWN:
        return tree.is_due_by_rule and tree.need.care is not Care.ESTABLISHED
    if tree.need.care is Care.ESTABLISHED:
        return level is Urgency.URGENT
    likely = tree.dry_by.likely
    return level is not Urgency.GOOD or (likely is not None and likely <= for_day)


def estimated_hours(litres: Sequence[float], thresholds: Thresholds) -> float:
    """Hours the crew would need, driving guessed; the tours compute it."""
    return sum(_minutes(one, thresholds) for one in litres) / 60


def _minutes(litres: float, thresholds: Thresholds) -> float:
    at_the_tree = thresholds.minutes_per_stop + litres / thresholds.flow_l_min
    return at_the_tree + thresholds.minutes_between_stops


def _rank(tree: Candidate, for_day: date, thresholds: Thresholds) -> tuple[object, ...]:
    """Order by urgency, then a visit in vain, then the days, then dryness; the id breaks ties."""
    order = [Urgency.URGENT, Urgency.ACT, Urgency.GOOD, Urgency.UNKNOWN]
    late = for_day + timedelta(days=365)
    return (
        order.index(urgency(tree.rew_q50, thresholds)),
        tree.not_reached_on is None,
        tree.dry_by.likely or late,
        tree.dry_by.earliest or late,
        tree.rew_q50 if tree.rew_q50 is not None else 1.0,
        tree.tree_id,
    )


def _stands_in_the_way(
    tree: Candidate, *, for_day: date, level: Urgency, thresholds: Thresholds
) -> LeftOut | None:
    if tree.awaits_inspection:
        return LeftOut.INSPECTION
    if tree.is_group:
        return LeftOut.GROUP
    pause = timedelta(days=thresholds.pause_days)
    watered = tree.last_watered_on
    if level is not Urgency.URGENT and watered is not None and for_day - watered < pause:
        return LeftOut.WATERED
    return None


def _reason(tree: Candidate, level: Urgency, thresholds: Thresholds) -> Words:
    return reason_words(
        level.value,
        tree.rew_q50,
        care=tree.need.care.value,
        threshold=(thresholds.urgent_below if level is Urgency.URGENT else thresholds.act_below),
        not_reached_on=tree.not_reached_on,
    )
