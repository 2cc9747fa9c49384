"""Each pass moves a damage as far as it is exact, and no further."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.best_place import SHARED_ERROR_M, Information, Measured, all_known, best_place

NORTH = Measured(0.0, 0.0, 3.0, major_m=6.0, minor_m=2.0, bearing_deg=0.0)
COORDINATES = st.floats(-30, 30)
PASSES = st.lists(
    st.builds(
        Measured,
        x_m=COORDINATES,
        y_m=COORDINATES,
        error_m=st.floats(0, 50),
        major_m=st.floats(2, 40),
        minor_m=st.floats(0.5, 2),
        bearing_deg=st.floats(0, 179.9),
    ),
    min_size=1,
    max_size=8,
)


def test_nothing_seen_is_nowhere() -> None:
    with pytest.raises(ValueError, match="no sighting"):
        best_place(all_known([]))


def test_one_pass_leaves_the_damage_where_it_was_seen_and_its_ellipse_as_it_was() -> None:
    found = best_place(all_known([replace(NORTH, x_m=5.0, bearing_deg=30.0)]))
    assert (found.x_m, found.y_m) == pytest.approx((5.0, 0.0))
    assert (found.major_m, found.minor_m) == pytest.approx((6.0, 2.0))
    assert found.bearing_deg == pytest.approx(30.0)


def test_a_pass_without_an_ellipse_counts_as_a_round_one() -> None:
    exact, rough = Measured(0.0, 0.0, 1.0), Measured(10.0, 0.0, 3.0)
    assert best_place(all_known([exact, rough])).x_m == pytest.approx(1.0)


def test_two_streets_that_cross_pin_a_damage_down_from_both_sides() -> None:
    found = best_place(all_known([NORTH, replace(NORTH, x_m=3.0, y_m=3.0, bearing_deg=90.0)]))
    assert (found.x_m, found.y_m) == pytest.approx((0.3, 2.7))
    assert found.major_m == pytest.approx(found.minor_m)


def test_many_passes_never_claim_less_than_what_all_of_them_share() -> None:
    assert best_place(all_known([NORTH] * 1000)).error_m >= SHARED_ERROR_M * 0.99


@given(passes=PASSES)
def test_the_order_of_passes_and_the_place_of_the_grid_do_not_matter(
    passes: list[Measured],
) -> None:
    here = best_place(all_known(passes))
    far = [replace(one, x_m=one.x_m + 7e5, y_m=one.y_m + 5.7e6) for one in reversed(passes)]
    there = best_place(all_known(far) + Information())
    assert there.x_m - 7e5 == pytest.approx(here.x_m, abs=1e-3)
    assert there.y_m - 5.7e6 == pytest.approx(here.y_m, abs=1e-3)
    assert there.minor_m <= there.major_m + 1e-9
    assert 0 <= there.bearing_deg <= 180
