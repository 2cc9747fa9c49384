"""How a city waters: `[watering]` of city.toml with thresholds, vehicles, refill points, speeds.

Everything is optional. What is left out takes the default that stands beside the rule it belongs
to (irrigation.plan.schedule, irrigation.plan.litres, irrigation.tours.parts); its source is there.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from gis.city import CityFolderError

Name = Annotated[str, Meta(min_length=1, max_length=100)]
Key = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")]
Above0 = Annotated[float, Meta(gt=0, le=100_000)]
Share = Annotated[float, Meta(ge=0, le=1)]
ClockTime = Annotated[str, Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Point(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A place in WGS 84."""

    longitude_deg: Annotated[float, Meta(ge=5.8, le=15.1)]
    latitude_deg: Annotated[float, Meta(ge=47.2, le=55.1)]


class Vehicle(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[watering.vehicles]]: a tank on wheels and its crew's day."""

    vehicle_id: Key
    name: Name
    tank_l: Annotated[int, Meta(ge=50, le=40_000)]
    crew_hours_h: Annotated[float, Meta(gt=0, le=12)] = 7.5
    depot: Point


class RefillPoint(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[[watering.refill_points]]: a hydrant or a well."""

    refill_id: Key
    name: Name
    at: Point
    flow_l_min: Above0 = 400.0  # a guess: a standpipe at a hydrant
    setup_min: Annotated[float, Meta(ge=0, le=120)] = 5.0  # a guess


class Driving(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """[watering.driving]: speeds with stops and lights, by road class; all guesses."""

    begins: ClockTime = "06:30"  # on the city's clock
    speed_kmh: dict[str, Above0] = msgspec.field(
        default_factory=lambda: {
            "primary": 32.0,
            "secondary": 28.0,
            "tertiary": 24.0,
            "residential": 18.0,
            "service": 10.0,
        }
    )
    other_speed_kmh: Above0 = 18.0
    crow_factor: Annotated[float, Meta(ge=1, le=5)] = 1.4  # for a city without streets
    break_min: Annotated[float, Meta(ge=0, le=120)] = 30.0  # ArbZG § 4: above six hours of work


class WateringProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The [watering] table; the numbers of rules are checked where the rules stand."""

    thresholds: dict[str, float] = {}  # fields of irrigation.plan.schedule.Thresholds
    litres: dict[str, float] = {}  # fields of irrigation.plan.litres.LitresRule
    handling: dict[str, float] = {}  # fields of irrigation.tours.parts.Handling
    source: str | None = None  # where the city's own numbers come from
    vehicles: list[Vehicle] = []
    refill_points: list[RefillPoint] = []
    driving: Driving = Driving()


def read_watering(folder: Path) -> WateringProfile:
    """Read a city folder's [watering]; raise CityFolderError that names file, field and value."""
    file = folder / "city.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8")).get("watering", {})
        profile = msgspec.convert(table, WateringProfile)
    except FileNotFoundError as error:
        raise CityFolderError(f"{file} is missing: see docs/database.md, city folder") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise CityFolderError(f"{file}: [watering] {error}") from error
    for ids in (
        [one.vehicle_id for one in profile.vehicles],
        [one.refill_id for one in profile.refill_points],
    ):
        if twice := {one for one in ids if ids.count(one) > 1}:
            raise CityFolderError(f"{file}: [watering] names {', '.join(sorted(twice))} twice")
    return profile


def watering_json(profile: WateringProfile) -> str:
    """Write the profile for the database."""
    return msgspec.json.encode(profile).decode()


def watering_of(stored: Any) -> WateringProfile:
    """Read the profile as the database gives it back; an empty one where none was stored."""
    return msgspec.convert(stored or {}, WateringProfile)
