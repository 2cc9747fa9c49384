"""The simulator's comparison counts each pothole and each damage once."""

from __future__ import annotations

from typing import Any

import pytest

from api.demo_truth import METRES_PER_DEGREE, compare, distance_m

LATITUDE = 51.5


def pothole(north_m: float) -> dict[str, Any]:
    place = [11.9, LATITUDE + north_m / METRES_PER_DEGREE]
    return {"geometry": {"coordinates": place}, "properties": {"damage_class": "D40"}}


def damage(north_m: float, damage_class: str = "D40") -> dict[str, Any]:
    return {
        "longitude_deg": 11.9,
        "latitude_deg": LATITUDE + north_m / METRES_PER_DEGREE,
        "damage_class": damage_class,
    }


def test_an_empty_town_has_no_hit_rate() -> None:
    result = compare({"features": []}, [])
    assert result["hit_rate"] is None
    assert result["median_position_error_m"] is None


def test_each_pothole_is_found_once_and_cracks_do_not_count() -> None:
    truth = {"features": [pothole(0), pothole(100)]}
    result = compare(truth, [damage(1), damage(3), damage(100, "D20")])
    assert result["potholes_found"] == 1
    assert result["hit_rate"] == 0.5
    assert result["median_position_error_m"] == pytest.approx(1, abs=0.01)
    assert result["pothole_damages_without_pothole"] == 1


def test_a_damage_beyond_the_merging_radius_is_another_one() -> None:
    assert compare({"features": [pothole(0)]}, [damage(8.5)])["potholes_found"] == 0


def test_a_degree_of_longitude_is_shorter_than_one_of_latitude() -> None:
    assert distance_m((11.9, 51.5), (12.9, 51.5)) == pytest.approx(69_300, rel=0.01)
