"""Check every archived forecast once its truth is there, and watch whether it stays good.

The truth is what a tree's own sensors say. Beside each forecast stand four others: the bare
balance, the learned part, persistence (this morning's sensor value, unchanged) and climatology
(the mean of all sensors on that day of the forecast's horizon: generous, it knows the weather).
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import psycopg

from gis.postgis import outbox
from gis.postgis.queries import query
from governance.audit_event import Actor, Subject, event
from irrigation.database import connected
from irrigation.night import night_read
from irrigation.night.night_read import Said

logger = logging.getLogger(__name__)

HORIZONS_D = (1, 3, 7, 14)  # not 0: this morning's value was moved by the very same sensors
WATCHED_DAYS = 14  # the rolling window
FEWEST_CHECKS = 100  # fewer say nothing about a drift
COVERAGE_BAND = (0.70, 0.90)  # around the promised 80 %
SKILL_BAND = (-0.10, 1.0)  # clearly worse than the best baseline is an alarm


@dataclass(frozen=True, slots=True)
class Skill:
    """One horizon's figures."""

    horizon_d: int
    n: int
    trees: int
    method: str
    rmse: float
    rmse_balance: float
    rmse_model: float | None
    rmse_persistence: float
    rmse_climatology: float
    best_baseline: str
    skill: float
    interval_coverage: float
    verified_until: date

    @classmethod
    def of(cls, row: dict[str, Any]) -> Skill:
        """Read a row of `skill_by_horizon`; skill is 1 - RMSE / RMSE of the best baseline.

        Where the deciding method is itself the balance, the balance is no baseline.
        """
        baselines = {
            "persistence": float(row["rmse_persistence"]),
            "climatology": float(row["rmse_climatology"]),
        }
        if row["method"] != "balance":
            baselines["balance"] = float(row["rmse_balance"])
        best = min(baselines, key=lambda name: baselines[name])
        rmse = float(row["rmse"])
        skill = 1 - rmse / baselines[best] if baselines[best] > 0 else 0.0
        return cls(**row, best_baseline=best, skill=round(skill, 4))

    def as_dict(self) -> dict[str, Any]:
        """All figures, rounded for people."""
        return {
            name: round(value, 4) if isinstance(value, float) else value
            for name, value in asdict(self).items()
        }


@dataclass(frozen=True, slots=True)
class Alarm:
    """A figure outside its band."""

    horizon_d: int
    measure: str
    value: float
    low: float
    high: float
    checks: int


@dataclass(frozen=True, slots=True)
class Verified:
    """What one verification did."""

    checks: int
    alarms: int
    skill: list[dict[str, Any]]


def run(url: str, *, until: date) -> Verified:
    """Check what can be checked by a morning, then watch for drift; one transaction."""
    with connected(url) as connection:
        checks = _check(connection, until=until)
        alarms = _watch(connection, until=until)
        skill = [one.as_dict() for one in figures(connection, since=date(1970, 1, 1))]
        return Verified(checks, len(alarms), skill)


def figures(connection: psycopg.Connection, *, since: date) -> list[Skill]:
    """The figures by horizon of all forecasts whose truth came since a day."""
    cursor = connection.execute(query("skill_by_horizon"), {"since": since})
    names = [column.name for column in cursor.description or []]
    return [Skill.of(dict(zip(names, row, strict=True))) for row in cursor.fetchall()]


def drifts(found: Sequence[Skill]) -> list[Alarm]:
    """Which figures have left their band."""
    alarms = []
    for one in found:
        if one.n < FEWEST_CHECKS:
            continue
        for measure, value, (low, high) in (
            ("coverage", one.interval_coverage, COVERAGE_BAND),
            ("skill", one.skill, SKILL_BAND),
        ):
            if not low <= value <= high:
                alarms.append(Alarm(one.horizon_d, measure, value, low, high, one.n))
    return alarms


def _check(connection: psycopg.Connection, *, until: date) -> int:
    """Write a check for each archived forecast of a sensor tree whose truth has come.

    Value h of a curve is the end of day for_day + h - 1; value 0 is the evening before the run.
    """
    span = HORIZONS_D[-1] + 2
    said = night_read.said(connection, until=until - timedelta(days=1), days=span)
    truth = {(one.tree_id, one.day): one.rew for one in said}
    usual = _usual(said)
    rows = connection.execute(
        query("check_wanted"),
        {
            "first": until - timedelta(days=span),
            "until": until,
            "ids": sorted({o.tree_id for o in said}),
        },
    ).fetchall()
    checks = [
        one
        for row in rows
        for horizon in HORIZONS_D
        if (one := _one(row, horizon, truth, usual)) is not None
    ]
    with connection.cursor() as cursor:
        cursor.executemany(query("check_store"), checks)
    return len(checks)


def _usual(said: Sequence[Said]) -> dict[date, float]:
    days: dict[date, list[float]] = {}
    for one in said:
        days.setdefault(one.day, []).append(one.rew)
    return {day: float(np.mean(values)) for day, values in days.items()}


def _one(
    row: tuple[Any, ...],
    horizon: int,
    truth: dict[tuple[int, date], float],
    usual: dict[date, float],
) -> dict[str, Any] | None:
    for_day, run_id, tree_id, method, q10, q50, q90, balance, model, known = row
    evening = for_day + timedelta(days=horizon - 1)
    came = truth.get((tree_id, evening))
    start = truth.get((tree_id, for_day - timedelta(days=1)))
    if came is None or start is None or horizon in known:
        return None
    return {
        "for_day": for_day,
        "run_id": run_id,
        "tree_id": tree_id,
        "horizon_d": horizon,
        "truth": came,
        "q10": q10[horizon],
        "q50": q50[horizon],
        "q90": q90[horizon],
        "method": method,
        "balance": balance[horizon - 1],
        "model": model[horizon] if model else None,
        "persistence": start,
        "climatology": usual[evening],
    }


def _watch(connection: psycopg.Connection, *, until: date) -> list[Alarm]:
    """Raise an alarm for each figure outside its band, once a day, with its event."""
    found = drifts(figures(connection, since=until - timedelta(days=WATCHED_DAYS)))
    raised = []
    for one in found:
        row = connection.execute(query("alarm_store"), asdict(one)).fetchone()
        if row is None:
            continue
        raised.append(one)
        logger.warning(
            "forecast drifts horizon_d=%d measure=%s value=%.3f band=%.2f..%.2f checks=%d",
            one.horizon_d,
            one.measure,
            one.value,
            one.low,
            one.high,
            one.checks,
        )
        told = event(
            "forecast.drift",
            actor=Actor("machine", "irrigation.verify"),
            subject=Subject("horizon", str(one.horizon_d)),
            data={
                "measure": one.measure,
                "value_permille": max(math.floor(one.value * 1000), 0),
                "checks": one.checks,
            },
        )
        connection.execute(query("audit_record"), outbox.parameters(told))
    return raised
