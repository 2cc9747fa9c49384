"""Two machines side by side: what each can, what the city needs, and whether that is enough."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Positive = Annotated[float, Meta(gt=0)]
Amount = Annotated[float, Meta(ge=0)]


class Load(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a city asks of its machine."""

    sightings_a_day: Positive
    upload_hours: Positive
    merge_hours: Positive
    trees: Positive
    night_minutes: Positive
    users_at_once: Positive
    longest_wait_ms: Positive
    frames_a_second: Positive
    margin: Annotated[float, Meta(ge=1)]


class Power(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Prices of energy."""

    price_eur_per_kwh: Amount
    grid_g_co2_per_kwh: Amount


class Stated(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is said, not measured, about a machine."""

    name_de: str
    name_en: str
    price_eur: Amount
    years: Positive
    rent_eur_a_year: Amount
    idle_w: Amount
    hours_a_day: Annotated[float, Meta(gt=0, le=24)]


class Machines(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The two of them."""

    a: Stated
    b: Stated


class Assumptions(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole TOML file."""

    load: Load
    energy: Power
    machine: Machines


@dataclass(frozen=True, slots=True)
class Row:
    """One demand: needed, what each machine can, how many times over."""

    key: str
    unit: Literal["per_s", "ms"]
    needed: float
    a: float
    b: float
    a_times: float
    b_times: float
    a_is_enough: bool
    b_is_enough: bool


@dataclass(frozen=True, slots=True)
class Cost:
    """What a machine costs in a year, by the stated prices."""

    kwh: float
    co2_kg: float
    energy_eur: float
    machine_eur: float
    total_eur: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The comparison and its one sentence."""

    rows: list[Row]
    a_is_enough: bool
    b_is_enough: bool
    tightest: Row  # where machine A has the least to spare
    a_cost: Cost
    b_cost: Cost


def compare(a: dict[str, Any], b: dict[str, Any], told: Assumptions) -> Answer:
    """Set two results of `bench run` side by side.

    Raises ValueError for results of different workloads: their figures cannot be compared.
    """
    if a["scale"] != b["scale"] or a["version"] != b["version"]:
        raise ValueError(
            f"the two files measured other workloads ({a['scale']} and {b['scale']}): "
            "run `stadtwart bench run` of the same version on both machines"
        )
    rows = [
        _rate("detector", told.load.frames_a_second, a, b, told.load.margin),
        _rate(
            "ingest",
            _per_s(told.load.sightings_a_day, told.load.upload_hours),
            a,
            b,
            told.load.margin,
        ),
        _rate(
            "merge",
            _per_s(told.load.sightings_a_day, told.load.merge_hours),
            a,
            b,
            told.load.margin,
        ),
        _rate("watering", told.load.trees / (told.load.night_minutes * 60), a, b, told.load.margin),
        _wait(a, b, told.load),
    ]
    return Answer(
        rows=rows,
        a_is_enough=all(row.a_is_enough for row in rows),
        b_is_enough=all(row.b_is_enough for row in rows),
        tightest=min(rows, key=lambda row: row.a_times),
        a_cost=_cost(told.machine.a, told.energy),
        b_cost=_cost(told.machine.b, told.energy),
    )


def _per_s(pieces: float, hours: float) -> float:
    return pieces / (hours * 3600)


def _rate(key: str, needed: float, a: dict[str, Any], b: dict[str, Any], margin: float) -> Row:
    here, there = float(a["steps"][key]["per_s"]), float(b["steps"][key]["per_s"])
    return _row(key, "per_s", needed, (here, there), (here / needed, there / needed), margin)


def _wait(a: dict[str, Any], b: dict[str, Any], load: Load) -> Row:
    """Waits grow at least with the users: more at once than measured wait in proportion."""
    waits = []
    for one in (a, b):
        step = one["steps"]["users"]
        waits.append(float(step["p95_ms"]) * max(load.users_at_once / step["at_once"], 1.0))
    times = (load.longest_wait_ms / waits[0], load.longest_wait_ms / waits[1])
    return _row("users", "ms", load.longest_wait_ms, (waits[0], waits[1]), times, load.margin)


def _row(
    key: str,
    unit: Literal["per_s", "ms"],
    needed: float,
    can: tuple[float, float],
    times: tuple[float, float],
    margin: float,
) -> Row:
    return Row(
        key=key,
        unit=unit,
        needed=round(needed, 3),
        a=round(can[0], 3),
        b=round(can[1], 3),
        a_times=round(times[0], 2),
        b_times=round(times[1], 2),
        a_is_enough=times[0] >= margin,
        b_is_enough=times[1] >= margin,
    )


def _cost(stated: Stated, power: Power) -> Cost:
    kwh = stated.idle_w * stated.hours_a_day * 365.25 / 1000
    energy_eur = kwh * power.price_eur_per_kwh
    machine_eur = stated.price_eur / stated.years + stated.rent_eur_a_year
    return Cost(
        kwh=round(kwh, 1),
        co2_kg=round(kwh * power.grid_g_co2_per_kwh / 1000, 1),
        energy_eur=round(energy_eur, 2),
        machine_eur=round(machine_eur, 2),
        total_eur=round(energy_eur + machine_eur, 2),
    )
