"""Musterstadt as a map: a town that a city folder can be loaded from."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from gis.city import read_city
from simulator.plan import DISTRICTS, WIDTH_M
from simulator.utm import to_utm, to_wgs84

CITY = Path(__file__).parents[2] / "datasets" / "musterstadt"
MOST_BYTES = 4_000_000
TO_METRES = pyproj.Transformer.from_crs("EPSG:4326", "EPSG:25832", always_xy=True)


def test_musterstadt_is_a_city_folder_and_says_that_it_is_invented() -> None:
    city = read_city(CITY)
    assert city.facts.simulated
    assert city.facts.metric_crs == "EPSG:25832"
    assert {district.district_id for district in city.districts} == set(DISTRICTS)
    assert len({street.segment_id for street in city.streets}) == len(city.streets) >= 60
    assert {street.road_class for street in city.streets} == set(WIDTH_M)
    assert {street.district_id for street in city.streets} <= set(DISTRICTS)


def test_musterstadt_is_small_enough_for_the_repository() -> None:
    size = sum(file.stat().st_size for file in CITY.rglob("*") if file.is_file())
    assert size <= MOST_BYTES


def test_districts_are_sound_and_do_not_overlap() -> None:
    areas = [_in_metres(feature) for feature in _features("districts.geojson")]
    assert all(area.is_valid and area.area > 100_000 for area in areas)
    overlaps = [a.intersection(b).area for a, b in combinations(areas, 2)]
    assert max(overlaps) < 1.0, "square metres that two districts claim"


def test_outer_rings_turn_as_rfc_7946_wants() -> None:
    for feature in _features("districts.geojson"):
        ring = feature["geometry"]["coordinates"][0]
        assert ring[0] == ring[-1]
        assert shape(feature["geometry"]).exterior.is_ccw


def test_streets_meet_at_junctions_and_form_one_network() -> None:
    ends: dict[int, list[tuple[float, float]]] = {}
    for number, feature in enumerate(_features("streets.geojson")):
        line = list(_in_metres(feature).coords)
        ends[number] = [line[0], line[-1]]
    reached, waiting = set[int](), [0]
    while waiting:
        here = waiting.pop()
        reached.add(here)
        for other in set(ends) - reached - set(waiting):
            if any(np.hypot(a[0] - b[0], a[1] - b[1]) < 8 for a in ends[here] for b in ends[other]):
                waiting.append(other)
    assert len(reached) == len(ends)


def test_every_rendered_damage_lies_on_a_street() -> None:
    streets = _features("streets.geojson")
    roads = [
        _in_metres(street).buffer(WIDTH_M[street["properties"]["road_class"]] / 2)
        for street in streets
    ]
    damages = _features("truth.geojson")
    assert len(damages) > 40
    for damage in damages:
        place = _in_metres(damage)
        assert any(road.contains(place) for road in roads), damage["properties"]["damage_id"]


def test_truth_says_class_and_size_of_every_damage() -> None:
    for feature in _features("truth.geojson"):
        is_ = feature["properties"]
        assert is_["damage_class"] in {"D00", "D10", "D20", "D40"}
        assert 0 < is_["area_m2"] <= is_["width_m"] * is_["length_m"] * 1.02
        if is_["damage_class"] == "D40":
            assert 0.05 < is_["area_m2"] < 1.5


@given(
    longitude_deg=st.floats(6, 15),
    latitude_deg=st.floats(47.2, 55.1),
)
def test_our_metres_are_those_of_proj(longitude_deg: float, latitude_deg: float) -> None:
    """The oracle is PROJ; half a millimetre is far below what GeoJSON's seven digits keep."""
    east, north = to_utm(np.array(longitude_deg), np.array(latitude_deg))
    assert (float(east), float(north)) == pytest.approx(
        TO_METRES.transform(longitude_deg, latitude_deg), abs=5e-4
    )
    back = to_wgs84(east, north)
    assert (float(back[0]), float(back[1])) == pytest.approx(
        (longitude_deg, latitude_deg), abs=1e-8
    )


def _features(name: str) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads((CITY / name).read_text("utf-8"))["features"]
    return features


def _in_metres(feature: dict[str, Any]) -> BaseGeometry:
    return shapely.transform(shape(feature["geometry"]), _project)


def _project(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack(TO_METRES.transform(degrees[:, 0], degrees[:, 1]))
