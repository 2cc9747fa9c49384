"""Cells and keys find exactly the neighbours that distances would."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gis.matching import (
    CLASS_NUMBERS,
    RADIUS_M,
    Place,
    anchors_of,
    cell_of,
    corner_cells,
    is_same,
    lock_keys,
)

METRES = st.floats(-5_000_000, 10_000_000)  # beyond every projected CRS of Germany
CLASSES = st.sampled_from(sorted(CLASS_NUMBERS))
PLACES = st.builds(Place, CLASSES, METRES, METRES)
NEAR = st.builds(Place, CLASSES, st.floats(0, 60), st.floats(0, 60))
STEP = st.floats(-RADIUS_M, RADIUS_M)


def test_no_sightings_make_no_damage() -> None:
    assert anchors_of([]) == []
    assert lock_keys([]) == []


@given(PLACES, STEP, STEP)
@example(Place("D00", 0.0, 7.999999999999999), 0.0, 0.0)
def test_a_partner_within_the_radius_lies_in_one_of_the_four_cells(
    place: Place, east_m: float, north_m: float
) -> None:
    partner = Place(place.damage_class, place.x_m + east_m, place.y_m + north_m)
    if is_same(place, partner):
        assert cell_of(partner) in corner_cells(place)


@given(PLACES, STEP, STEP)
def test_two_who_may_open_the_same_damage_share_a_lock(
    place: Place, east_m: float, north_m: float
) -> None:
    partner = Place(place.damage_class, place.x_m + east_m, place.y_m + north_m)
    if is_same(place, partner):
        assert set(lock_keys([place])) & set(lock_keys([partner]))


@given(st.lists(PLACES, max_size=20))
def test_locks_are_taken_in_one_order_and_fit_the_database(places: list[Place]) -> None:
    keys = lock_keys(places)
    assert keys == sorted(set(keys))
    assert all(0 <= key < 2**63 for key in keys)


@given(PLACES)
def test_a_cell_fits_a_bigint(place: Place) -> None:
    assert 0 <= cell_of(place) < 2**63


@given(st.lists(NEAR, max_size=40))
def test_no_two_new_damages_of_a_class_are_neighbours(places: list[Place]) -> None:
    chosen = anchors_of(places)
    anchors = sorted(set(chosen))
    for index, anchor in enumerate(chosen):
        assert chosen[anchor] == anchor
        assert is_same(places[index], places[anchor])
    for one in anchors:
        assert not any(is_same(places[one], places[other]) for other in anchors if other != one)


def test_another_class_at_the_same_place_is_another_damage() -> None:
    assert anchors_of([Place("D40", 0, 0), Place("D20", 0, 0)]) == [0, 1]


def test_degrees_times_a_billion_are_refused() -> None:
    with pytest.raises(ValueError, match="are these metres"):
        cell_of(Place("D40", 1e12, 0))
