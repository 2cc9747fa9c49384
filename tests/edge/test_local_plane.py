"""Metres on the street agree with the geodesic; the oracle is pyproj (GeographicLib)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from edge.local_plane import Place, ahead_and_right_m, distance_m, heading_deg, place_ahead

EARTH = Geod(ellps="WGS84")
LONGITUDES = st.floats(5.8, 15.1)
LATITUDES = st.floats(47.2, 55.1)


@given(LONGITUDES, LATITUDES, st.floats(0, 359.9), st.floats(0.5, 40))
def test_a_place_ahead_is_where_the_geodesic_says(
    longitude_deg: float, latitude_deg: float, course_deg: float, ahead_m: float
) -> None:
    here = Place(longitude_deg, latitude_deg)
    there = place_ahead(here, heading_deg=course_deg, ahead_m=ahead_m, right_m=0)
    east, north, _ = EARTH.fwd(longitude_deg, latitude_deg, course_deg, ahead_m)
    assert distance_m(there, Place(east, north)) < 0.001
    assert distance_m(here, there) == pytest.approx(ahead_m, abs=0.001)


@given(LONGITUDES, LATITUDES, st.floats(0, 359.9), st.floats(-40, 40), st.floats(-20, 20))
def test_ahead_and_right_survive_the_way_there_and_back(
    longitude_deg: float, latitude_deg: float, course_deg: float, ahead_m: float, right_m: float
) -> None:
    here = Place(longitude_deg, latitude_deg)
    there = place_ahead(here, heading_deg=course_deg, ahead_m=ahead_m, right_m=right_m)
    back = ahead_and_right_m(here, there, heading_deg=course_deg)
    assert back == pytest.approx((ahead_m, right_m), abs=0.001)


@pytest.mark.parametrize(("east", "north", "course_deg"), [(0, 1, 0), (1, 0, 90), (0, -1, 180)])
def test_headings_run_clockwise_from_north(east: int, north: int, course_deg: int) -> None:
    here = Place(11.97, 51.48)
    there = Place(11.97 + east * 1e-4, 51.48 + north * 1e-4)
    assert heading_deg(here, there) == pytest.approx(course_deg, abs=1e-3)


def test_right_of_north_is_east() -> None:
    here = Place(11.97, 51.48)
    there = place_ahead(here, heading_deg=0, ahead_m=0, right_m=10)
    assert there.longitude_deg > here.longitude_deg
    assert there.latitude_deg == pytest.approx(here.latitude_deg)
