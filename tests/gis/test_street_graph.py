"""The truck drives along the city's streets, not through its houses."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from shapely.geometry import LineString

from gis.city import read_city
from gis.street_graph import Street, build, straight_s

MUSTERSTADT = Path(__file__).parents[2] / "datasets/musterstadt"


def street(*coordinates: tuple[float, float], speed_kmh: float = 36) -> Street:
    """A street driven at 10 m/s."""
    return Street(LineString(coordinates), speed_kmh)


def test_the_way_follows_the_streets_round_the_corner() -> None:
    graph = build(
        [street((0, 0), (100, 0)), street((100.4, 0), (100.4, 100))], np.array([[10, 5], [105, 90]])
    )
    assert graph.off_street_m == pytest.approx([5, 4.6])
    assert graph.travel_s()[0, 1] == pytest.approx((90 + 90) / 10, abs=0.1)
    way = graph.ways([(0, 1)])[0]
    assert way.length == pytest.approx(180, abs=1)
    assert way.coords[0] == pytest.approx((10, 0))


def test_a_side_street_that_ends_on_an_uncut_road_is_joined_and_a_bridge_is_not() -> None:
    through = street((0, 0), (100, 0))
    side, bridge = street((50, 0.2), (50, 80)), street((70, -50), (70, 50))
    graph = build([through, side, bridge], np.array([[0, 0], [50, 80], [70, 50]]))
    seconds = graph.travel_s()
    assert seconds[0, 1] == pytest.approx(13, abs=0.1)
    assert np.isinf(seconds[0, 2])
    with pytest.raises(ValueError, match="no street leads"):
        graph.ways([(0, 2)])


def test_of_two_streets_between_the_same_corners_the_quicker_is_taken() -> None:
    slow = street((0, 0), (100, 0), speed_kmh=18)
    quick = street((0, 0), (50, 10), (100, 0), speed_kmh=72)
    for order in ([slow, quick], [quick, slow]):
        graph = build(order, np.array([[0, 0], [100, 0]]))
        assert graph.travel_s()[0, 1] == pytest.approx(5.1, abs=0.1)


def test_two_places_on_one_spot_are_no_drive_apart() -> None:
    graph = build([street((0, 0), (100, 0))], np.array([[50, 3], [50, 3], [50, -3]]))
    assert graph.travel_s() == pytest.approx(np.zeros((3, 3)), abs=0.01)
    assert [way.length for way in graph.ways([(0, 1), (2, 2)])] == [0, 0]


def test_a_city_without_streets_is_refused_and_the_crow_flies() -> None:
    with pytest.raises(ValueError, match="at least one street"):
        build([], np.array([[0, 0]]))
    crow = straight_s(np.array([[0.0, 0.0], [300.0, 400.0]]), factor=1.4, speed_kmh=36)
    assert crow[0, 1] == pytest.approx(70)


def test_every_corner_of_musterstadt_is_reached_and_no_way_beats_the_crow() -> None:
    city = read_city(MUSTERSTADT)
    to_metres = Transformer.from_crs(4326, city.metric_srid, always_xy=True).transform
    lines = [LineString(zip(*to_metres(*one.line.xy), strict=True)) for one in city.streets]
    places = np.array([line.interpolate(0.4, normalized=True).coords[0] for line in lines])
    graph = build([Street(line, 30) for line in lines], places)
    seconds = graph.travel_s()
    assert np.isfinite(seconds).all()
    assert seconds == pytest.approx(seconds.T, abs=1e-6)
    crow_s = straight_s(places, factor=1, speed_kmh=30)
    assert (seconds >= 0.99 * crow_s - 1).all()  # ends up to 1 m apart are one junction
    legs = [(0, n) for n in range(1, 40)]
    for (_, end), way in zip(legs, graph.ways(legs), strict=True):
        assert way.length / 30 * 3.6 == pytest.approx(seconds[0, end], rel=0.01, abs=1)
