"""What a city says of its trees' ground and weather feed: `[tree_ground]` and `[weather_feed]`.

Both tables of city.toml are optional; each default names its source or says that it is a guess.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import psycopg
from msgspec import Meta

from gis.postgis.queries import query
from irrigation.errors import CadastreError

SoilName = Literal["sand", "loamy_sand", "sandy_loam", "loam", "silt", "clay", "substrate"]


class Ground(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is assumed where the register is silent."""

    default_pit_m2: Annotated[float, Meta(gt=0, le=500)] = 4.0  # a guess, below FLL's 6 m²
    default_soil: SoilName = "loamy_sand"  # a guess: city ground
    planted_soil: SoilName = "substrate"  # of trees planted in the last `planted_soil_years`
    planted_soil_years: Annotated[int, Meta(ge=0)] = 15  # a guess: when substrates came up
    crop_coefficient: Annotated[float, Meta(gt=0, le=2)] = 0.85  # a guess by FAO-56 table 12
    easy_share: Annotated[float, Meta(ge=0, lt=1)] = 0.5  # p, FAO-56 table 22, deciduous trees
    interception_share: Annotated[float, Meta(ge=0, le=1)] = 0.15  # a guess: closed crown
    catchment_per_pit: Annotated[float, Meta(ge=0, le=10)] = 1.0  # kerbed: only its own rain


class Feed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where the weather comes from, and when it is too old."""

    source: Literal["dwd", "simulated", "none"] = "none"
    station_id: str | None = None  # DWD's number of the climate station: "03126"
    mosmix_id: str | None = None  # WMO number of the forecast place: "10361"
    elevation_m: float = 100.0
    fresh_h: Annotated[float, Meta(gt=0)] = 36.0  # yesterday's noon is still fresh
    rule_h: Annotated[float, Meta(gt=0)] = 48.0  # older: no balance is trusted, the rule decides


class TreeProfile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Both tables."""

    tree_ground: Ground = Ground()
    weather_feed: Feed = Feed()


def read(folder: Path) -> TreeProfile:
    """Read the tables from a city folder's city.toml; the other tables are others' business."""
    file = folder / "city.toml"
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
        mine = {name: tables[name] for name in ("tree_ground", "weather_feed") if name in tables}
        profile = msgspec.convert(mine, TreeProfile)
    except FileNotFoundError:
        raise CadastreError(f"{file} is missing: see docs/database.md, city folder") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CadastreError(f"{file}: {error}") from None
    feed = profile.weather_feed
    if feed.source == "dwd" and not (feed.station_id and feed.mosmix_id):
        raise CadastreError(
            f"{file}: [weather_feed] source 'dwd' needs station_id (climate station, as '03126') "
            "and mosmix_id (forecast place, as '10361')"
        )
    return profile


def stored(connection: psycopg.Connection) -> TreeProfile:
    """What the city folder said when it was loaded; the defaults where it said nothing."""
    row = connection.execute(query("tree_profile")).fetchone()
    return TreeProfile() if row is None else msgspec.convert(row[0], TreeProfile)
