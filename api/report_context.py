"""What a report needs beside the city's records: cards, energy, the stated baselines."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import vision
from gis.profile import Profile, Range, profile_of
from governance.report.benefit import Baseline, Baselines
from governance.report.build import Context, Interval
from governance.report.machine import Card, EnergyFacts
from governance.report.readings import Readings

HOURS_A_YEAR = 365.25 * 24


def context_of(
    city: Mapping[str, Any], readings: Readings, interval: Interval, now: datetime
) -> Context:
    """Put together what stands in cards and in the city's profile."""
    profile = profile_of(city["profile"])
    passed_h = interval.passed_h(now)
    return Context(
        city=city["name"],
        simulated=city["simulated"],
        software=version("stadtwart"),
        made_at=now,
        cards=cards(),
        energy=_energy(profile, readings, passed_h),
        baselines=_baselines(profile, passed_h / HOURS_A_YEAR),
    )


@cache
def cards(folder: Path | None = None) -> dict[str, Card]:
    """Read the detectors' cards by the sha256 of their file."""
    place = folder or Path(str(vision.__file__)).parent / "models"
    found = [json.loads(one.read_text(encoding="utf-8")) for one in place.glob("*/card.json")]
    return {card["sha256"]: card for card in found}


def _energy(profile: Profile, readings: Readings, hours: float) -> EnergyFacts:
    """Take what a card measured; else what the city states; else nothing."""
    stated = profile.energy
    wh, method = _measured(readings)
    if wh is None and stated.truck_device_w and stated.frames_per_s:
        wh = stated.truck_device_w / stated.frames_per_s * 1000 / 3600
        method = "energy.stated_power"
    return EnergyFacts(
        wh_per_1000_frames=wh,
        frames_method=method,
        server_w=stated.server_w,
        hours=hours,
        g_co2_per_kwh=stated.grid_g_co2_per_kwh,
    )


def _measured(readings: Readings) -> tuple[float | None, str | None]:
    """Return the figure in the card of the interval's busiest model, where it has one."""
    for row in readings.rows("models"):
        energy = cards().get(row["model_sha256"], {}).get("energy") or {}
        if isinstance(energy.get("wh_per_1000_frames"), int | float):
            by_counter = str(energy.get("method", "")).startswith("RAPL")
            method = "energy.measured" if by_counter else "energy.stated_power"
            return float(energy["wh_per_1000_frames"]), method
    return None, None


def _baselines(profile: Profile, years: float) -> Baselines:
    stated = profile.benefit
    return Baselines(
        days_to_known=_range(stated.days_to_known, 1),
        minutes_per_damage=_range(stated.minutes_per_damage, 1),
        litres_per_tree=_range(stated.litres_per_tree_and_year, years),
    )


def _range(stated: Range | None, times: float) -> Baseline | None:
    if stated is None:
        return None
    return Baseline(stated.low * times, stated.likely * times, stated.high * times)
