"""Benefit against a stated baseline, with its uncertainty; without a baseline no claim."""

from __future__ import annotations

from dataclasses import dataclass

from governance.report.model import Figure, Section
from governance.report.rates import median_interval, quantile
from governance.report.readings import Readings, absent, rounded

SOURCE = "city.toml [benefit]"


@dataclass(frozen=True, slots=True)
class Baseline:
    """How it went before, as the city states it: lowest, likely and highest value."""

    low: float
    likely: float
    high: float


@dataclass(frozen=True, slots=True)
class Baselines:
    """The stated baselines; None where the city states none."""

    days_to_known: Baseline | None = None  # from a damage's appearance to the office's knowledge
    minutes_per_damage: Baseline | None = None  # of staff, to find and record one damage
    litres_per_tree: Baseline | None = None  # of a fixed calendar, a tree and interval


def benefit(readings: Readings, stated: Baselines) -> Section:
    """Days, hours and litres beside the baseline; negative means: worse than before."""
    return Section(
        key="benefit",
        figures=[_days(readings, stated), _hours(readings, stated), _litres(readings, stated)],
        remarks=["remark.benefit"],
    )


def _days(readings: Readings, stated: Baselines) -> Figure:
    """Baseline minus the median wait; both ends of both intervals."""
    days = sorted(one for row in readings.rows("waits") for one in row["days"])
    key, before = "benefit.days", stated.days_to_known
    if before is None:
        return absent(key, "days", SOURCE, is_unknown=True)
    if not days:
        return _no_cases(key, "days")
    median = quantile(days, 0.5)
    now_low, now_high = median_interval(days) or (days[0], days[-1])
    return Figure(
        key=key,
        value=rounded(before.likely - median),
        low=rounded(before.low - now_high),
        high=rounded(before.high - now_low),
        unit="days",
        standing="estimated",
        source=f"{SOURCE} days_to_known, {readings.source('waits')}",
        n=len(days),
        method="method.baseline_days",
    )


def _hours(readings: Readings, stated: Baselines) -> Figure:
    """Minutes a damage took before, times confirmed damages, minus the time people spent here.

    Only decisions with a recorded time count as spent; the others are taken as long as those.
    """
    row = readings.one("decisions")
    key, before = "benefit.hours", stated.minutes_per_damage
    if before is None:
        return absent(key, "hours", SOURCE, is_unknown=True)
    confirmed, given = int(row.get("confirmed") or 0), int(row.get("given") or 0)
    timed, seconds = int(row.get("timed") or 0), int(row.get("seconds") or 0)
    if confirmed == 0 or timed == 0:
        return _no_cases(key, "hours")
    spent_h = seconds / timed * given / 3600
    low, likely, high = (
        rounded(confirmed * minutes / 60 - spent_h)
        for minutes in (before.low, before.likely, before.high)
    )
    return Figure(
        key=key,
        value=likely,
        low=low,
        high=high,
        unit="hours",
        standing="estimated",
        source=f"{SOURCE} minutes_per_damage, {readings.source('decisions')}",
        n=confirmed,
        method="method.baseline_hours",
    )


def _litres(readings: Readings, stated: Baselines) -> Figure:
    """Litres a fixed calendar would have given to the same trees, minus what was given."""
    row = readings.one("watering")
    key, before = "benefit.litres", stated.litres_per_tree
    if not readings.uses("watering"):
        return absent(key, "litres", readings.source("watering"))
    if before is None:
        return absent(key, "litres", SOURCE, is_unknown=True)
    trees, litres = int(row.get("trees") or 0), float(row.get("litres") or 0)
    if trees == 0:
        return _no_cases(key, "litres")
    low, likely, high = (
        rounded(trees * each - litres) for each in (before.low, before.likely, before.high)
    )
    return Figure(
        key=key,
        value=likely,
        low=low,
        high=high,
        unit="litres",
        standing="estimated",
        source=f"{SOURCE} litres_per_tree_and_year, {readings.source('watering')}",
        n=trees,
        method="method.baseline_litres",
    )


def _no_cases(key: str, unit: str) -> Figure:
    shown = {"days": "days", "hours": "hours", "litres": "litres"}[unit]
    return Figure(
        key=key,
        value=None,
        unit=shown,  # type: ignore[arg-type]  # one of the three above
        standing="no cases",
        source=SOURCE,
        n=0,
    )
