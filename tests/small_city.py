"""A city of two districts and three streets near Halle, for tests; 2 km wide, EPSG:25832."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

WEST, SOUTH, EAST, NORTH = 11.95, 51.47, 11.98, 51.49
MIDDLE = 11.965
CENTRE = (11.9651, 51.48)  # on the Ring, in the district Ost

TOML = """\
[city]
name = "Kleinstadt"
slug = "kleinstadt"
state = "Sachsen-Anhalt"
simulated = true
metric_crs = "EPSG:25832"
time_zone = "Europe/Berlin"
licence = "CC0-1.0"
source = "made up for tests"
"""


def write_small_city(folder: Path) -> Path:
    """Write the city folder and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(TOML, encoding="utf-8")
    districts = [_district("west", "West", WEST, MIDDLE), _district("ost", "Ost", MIDDLE, EAST)]
    streets = [
        _street("s1", "Weststraße", "residential", "west", [(WEST, 51.48), (MIDDLE, 51.48)]),
        _street("s2", "Oststraße", "secondary", "ost", [(MIDDLE, 51.48), (EAST, 51.48)]),
        _street("s3", "Am Ring", "primary", None, [(MIDDLE, SOUTH), (MIDDLE, NORTH)]),
    ]
    write_features(folder / "districts.geojson", districts)
    write_features(folder / "streets.geojson", streets)
    return folder


def write_features(file: Path, features: list[dict[str, Any]]) -> None:
    """Write a GeoJSON file."""
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


def _district(district_id: str, name: str, west: float, east: float) -> dict[str, Any]:
    ring = [[west, SOUTH], [east, SOUTH], [east, NORTH], [west, NORTH], [west, SOUTH]]
    return {
        "type": "Feature",
        "properties": {"district_id": district_id, "name": name},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def _street(
    segment_id: str, name: str, road_class: str, district_id: str | None, line: list[Any]
) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {
            "segment_id": segment_id,
            "name": name,
            "road_class": road_class,
            "district_id": district_id,
        },
        "geometry": {"type": "LineString", "coordinates": line},
    }
