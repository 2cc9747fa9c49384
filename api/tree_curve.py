"""A tree's curve, its reasons and its what-if, from the rows of the archive. Pure."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from api.fields import Shown
from irrigation.balance import what_if
from irrigation.balance.water_balance import Plots
from irrigation.night import words
from irrigation.night.words import Facts

ACT_BELOW = "act_below"


class Day(Shown):
    """The end of one day: what the balance says, the model's second opinion, the interval."""

    day: date
    forecast: bool
    rew_balance: float
    rew_model: float | None  # of the learned part, whoever decides
    q10: float | None  # of the deciding method
    q50: float | None
    q90: float | None
    rain_mm: float
    et0_mm: float
    watered_l: float


class Inputs(Shown):
    """What the balance is told of the tree, and what of it is assumed."""

    site_age_years: float | None
    age_source: str
    pit_m2: float
    pit_is_default: bool
    soil: str
    soil_is_default: bool
    capacity_mm: float
    catchment_m2: float
    interception_share: float
    demand_factor: float
    easy_share: float


def curve_of(told: dict[str, Any] | None, waterings: list[dict[str, Any]]) -> list[Day]:
    """Fourteen days back and ahead; empty under the rule and for trees without forecast."""
    if told is None or not told["balance"]:
        return []
    poured: dict[date, float] = {}
    for one in waterings:
        if one["outcome"] == "watered" and not one["flags"]:
            day = one["at"].date()
            poured[day] = poured.get(day, 0.0) + (one["litres"] or 0.0)
    past = zip(
        told["past_days"], told["past"], told["past_rain_mm"], told["past_et0_mm"], strict=True
    )
    days = [
        Day(
            day=day,
            forecast=False,
            rew_balance=rew,
            rew_model=None,
            q10=None,
            q50=None,
            q90=None,
            rain_mm=rain,
            et0_mm=et0,
            watered_l=poured.get(day, 0.0),
        )
        for day, rew, rain, et0 in past
    ]
    for lead in range(len(told["balance"])):
        day = told["for_day"] + timedelta(days=lead)
        days.append(
            Day(
                day=day,
                forecast=True,
                rew_balance=told["balance"][lead],
                rew_model=told["model_q50"][lead + 1] if told["model_q50"] else None,
                q10=told["q10"][lead + 1],
                q50=told["q50"][lead + 1],
                q90=told["q90"][lead + 1],
                rain_mm=told["ahead_rain_mm"][lead],
                et0_mm=told["ahead_et0_mm"][lead],
                watered_l=poured.get(day, 0.0),
            )
        )
    return days


def inputs_of(row: dict[str, Any]) -> Inputs | None:
    """The tree's inputs; None for one that has none."""
    if row["pit_m2"] is None:
        return None
    return Inputs(**{name: row[name] for name in Inputs.model_fields})


def why_of(row: dict[str, Any], told: dict[str, Any] | None) -> tuple[list[str], list[str]]:
    """The reasons in German and English; none where there is no forecast."""
    if told is None or row["method"] is None:
        return [], []
    watered = row["last_watered_at"]
    found = words.why(
        Facts(
            genus=row["genus"],
            site_age_years=row["site_age_years"],
            age_source=row["age_source"],
            pit_m2=row["pit_m2"],
            pit_is_default=row["pit_is_default"],
            method=row["method"],
            rew=row["rew_q50"],
            past_rain_mm=told["past_rain_mm"],
            past_et0_mm=told["past_et0_mm"],
            ahead_rain_mm=told["ahead_rain_mm"],
            last_watered_on=None if watered is None else watered.date(),
            for_day=told["for_day"],
            has_sensor=row["has_sensor"],
            sensor_shift=row["sensor_shift"] or 0.0,
            movers=[(one["topic"], one["mm"]) for one in told["reasons"]],
        )
    )
    return [one.german for one in found], [one.english for one in found]


def what_if_of(row: dict[str, Any], told: dict[str, Any], *, litres: float) -> dict[str, Any]:
    """The coming days with and without so many litres today."""
    names = (
        "capacity_mm",
        "pit_m2",
        "catchment_m2",
        "interception_share",
        "demand_factor",
        "easy_share",
    )
    plots = Plots(**{name: np.array([row[name]], np.float64) for name in names})
    depletion = np.minimum(np.array([row["depletion_mm"]], np.float64), plots.capacity_mm)
    found = what_if.compare(
        plots,
        depletion_mm=depletion,
        rain_mm=told["ahead_rain_mm"],
        et0_mm=told["ahead_et0_mm"],
        litres_today=np.array([litres], np.float64),
    )
    first: date = told["for_day"]
    below = told["thresholds"][ACT_BELOW]
    without, watered = found.without[:, 0].tolist(), found.watered[:, 0].tolist()
    return {
        "days": [
            {
                "day": first + timedelta(days=lead),
                "rew_without": round(dry, 4),
                "rew_with": round(wet, 4),
            }
            for lead, (dry, wet) in enumerate(zip(without, watered, strict=True))
        ],
        "dry_by_without": _first_below(without, first, below),
        "dry_by_with": _first_below(watered, first, below),
        "drained_litres": round(float(found.drained_litres[0]), 1),
    }


def _first_below(curve: list[float], first: date, below: float) -> date | None:
    for lead, value in enumerate(curve):
        if value < below:
            return first + timedelta(days=lead)
    return None
