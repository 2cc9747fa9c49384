"""A city folder as values: `city.toml`, `streets.geojson`, `districts.geojson`, nothing assumed."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.errors import ShapelyError
from shapely.geometry import MultiPolygon, shape
from shapely.geometry.base import BaseGeometry

WGS84_NAMES = ("CRS84", "EPSG::4326", "EPSG:4326")
LONGITUDES = (5.8, 15.1)  # Germany, as in contracts.units
LATITUDES = (47.2, 55.1)
SLUG = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")
SPELLED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})  # casefold writes ß as ss


class CityFolderError(ValueError):
    """A city folder is incomplete or wrong; the message names file, value and remedy."""


class CityFacts(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The [city] table of city.toml."""

    name: str
    slug: str
    state: str
    simulated: bool
    metric_crs: str  # "EPSG:25832": lengths and areas are measured in it
    time_zone: str
    licence: str
    source: str

    def __post_init__(self) -> None:
        """Refuse a slug that could not stand in the log's name, in events and in addresses."""
        if not SLUG.fullmatch(self.slug):
            raise ValueError(
                f"slug {self.slug!r} must be 1 to 40 of a-z, 0-9 and '-': write "
                f'slug = "{slug_of(self.slug)}" (the name keeps its umlauts)'
            )


def slug_of(name: str) -> str:
    """Write a city's name for addresses.

    >>> slug_of("Köthen (Anhalt)"), slug_of("Müllrose"), slug_of("Großräschen")
    ('koethen-anhalt', 'muellrose', 'grossraeschen')
    """
    spelled = unicodedata.normalize("NFC", name).casefold().translate(SPELLED)
    plain = unicodedata.normalize("NFKD", spelled).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "stadt"


@dataclass(frozen=True, slots=True)
class District:
    """A part of the city."""

    district_id: str
    name: str
    area: MultiPolygon


@dataclass(frozen=True, slots=True)
class StreetSegment:
    """A piece of street between two junctions."""

    segment_id: str
    name: str
    road_class: str
    district_id: str | None
    line: BaseGeometry


@dataclass(frozen=True, slots=True)
class City:
    """A city read from its folder, checked."""

    facts: CityFacts
    metric_srid: int
    districts: list[District]
    streets: list[StreetSegment]


def read_city(folder: Path) -> City:
    """Read and check a city folder; raise CityFolderError for whatever does not fit."""
    facts = _facts(folder / "city.toml")
    districts = [
        District(_text(row, "district_id", file), _text(row, "name", file), _area(geometry, file))
        for file, row, geometry in _features(folder / "districts.geojson")
    ]
    streets = [
        StreetSegment(
            _text(row, "segment_id", file),
            _text(row, "name", file),
            _text(row, "road_class", file),
            row.get("district_id"),
            _line(geometry, file),
        )
        for file, row, geometry in _features(folder / "streets.geojson")
    ]
    if not districts:
        raise CityFolderError(f"{folder / 'districts.geojson'} has no district: draw at least one")
    _require_unique([one.district_id for one in districts], "district_id", folder)
    _require_unique([one.segment_id for one in streets], "segment_id", folder)
    _require_known({one.district_id for one in districts}, streets, folder)
    return City(facts, metric_srid(facts.metric_crs), districts, streets)


def read_facts(folder: Path) -> CityFacts:
    """Read the [city] table alone; raise CityFolderError where it does not fit."""
    return _facts(folder / "city.toml")


def metric_srid(name: str) -> int:
    """Return the EPSG number of a projected CRS in metres; raise CityFolderError for another."""
    try:
        found = CRS.from_user_input(name)
    except CRSError as error:
        raise CityFolderError(f"metric_crs {name!r} is unknown: take e.g. EPSG:25832") from error
    number = found.to_epsg()
    if not found.is_projected or {axis.unit_name for axis in found.axis_info} != {"metre"}:
        raise CityFolderError(f"metric_crs {name!r} does not measure in metres: e.g. EPSG:25832")
    if number is None:
        raise CityFolderError(f"metric_crs {name!r} has no EPSG number: PostGIS needs one")
    return int(number)


def _facts(file: Path) -> CityFacts:
    try:
        table = tomllib.loads(_read(file)).get("city")
        return msgspec.convert(table, CityFacts)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise CityFolderError(f"{file}: [city] {error}") from error


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise CityFolderError(f"{file} is missing: see docs/database.md, city folder") from error
    except UnicodeDecodeError as error:
        raise CityFolderError(f"{file} is not UTF-8 text") from error


def _features(file: Path) -> Iterator[tuple[Path, dict[str, Any], BaseGeometry]]:
    """Yield file, columns and geometry of each feature; GeoJSON is WGS 84 by definition."""
    try:
        content = json.loads(_read(file))
    except ValueError as error:
        raise CityFolderError(f"{file} is not JSON: {error}") from error
    if not isinstance(content, dict) or not isinstance(content.get("features"), list):
        raise CityFolderError(f"{file} is no GeoJSON FeatureCollection")
    _require_wgs84(content.get("crs"), file)
    for number, feature in enumerate(content["features"]):
        try:
            geometry, row = shape(feature["geometry"]), dict(feature["properties"])
        except (KeyError, TypeError, ValueError, AttributeError, ShapelyError) as error:
            raise CityFolderError(f"{file}: feature {number} has no usable geometry") from error
        _require_in_germany(geometry, number, file)
        yield file, row, geometry


def _require_wgs84(crs: Any, file: Path) -> None:
    """Refuse the old `crs` member when it names another system than GeoJSON's own."""
    name = crs.get("properties", {}).get("name", "") if isinstance(crs, dict) else ""
    if crs is not None and not str(name).endswith(WGS84_NAMES):
        raise CityFolderError(
            f"{file} is in {name or crs}, GeoJSON must be WGS 84: "
            "convert it with ogr2ogr -t_srs EPSG:4326"
        )


def _require_in_germany(geometry: BaseGeometry, number: int, file: Path) -> None:
    if geometry.is_empty:
        raise CityFolderError(f"{file}: feature {number} is empty")
    west, south, east, north = geometry.bounds
    fits = LONGITUDES[0] <= west and east <= LONGITUDES[1]
    if not (fits and LATITUDES[0] <= south and north <= LATITUDES[1]):
        raise CityFolderError(
            f"{file}: feature {number} reaches {geometry.bounds}, outside Germany in degrees: "
            "metres instead of degrees, or longitude and latitude swapped?"
        )


def _text(row: dict[str, Any], column: str, file: Path) -> str:
    value = row.get(column)
    if not isinstance(value, str) or not value:
        raise CityFolderError(
            f"{file}: column {column!r} is missing or no text; there are {sorted(row)}"
        )
    return value


def _area(geometry: BaseGeometry, file: Path) -> MultiPolygon:
    if geometry.geom_type not in ("Polygon", "MultiPolygon") or not geometry.is_valid:
        raise CityFolderError(f"{file}: a {geometry.geom_type} is no valid area")
    return geometry if geometry.geom_type == "MultiPolygon" else MultiPolygon([geometry])


def _line(geometry: BaseGeometry, file: Path) -> BaseGeometry:
    if geometry.geom_type != "LineString":
        raise CityFolderError(f"{file}: a {geometry.geom_type} is no LineString: split it")
    return geometry


def _require_unique(ids: list[str], column: str, folder: Path) -> None:
    if len(set(ids)) != len(ids):
        twice = sorted({one for one in ids if ids.count(one) > 1})[:3]
        raise CityFolderError(f"{folder}: {column} {', '.join(twice)} appears twice")


def _require_known(known: set[str], streets: list[StreetSegment], folder: Path) -> None:
    for street in streets:
        if street.district_id is not None and street.district_id not in known:
            raise CityFolderError(
                f"{folder}: street {street.segment_id} names district {street.district_id!r}, "
                "which districts.geojson does not have"
            )
