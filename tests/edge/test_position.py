"""Where a frame was taken: between two trusted fixes, never beyond, else refused by name."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.boundary import Boundary, read_boundary
from edge.errors import SettingsError
from edge.local_plane import Place, distance_m
from edge.position import Pose, Refusal, Trust, locate
from edge.track import Fix, Track
from tests.edge.drives import BEGIN, SPEED_M_S, place_at

START = datetime(2026, 5, 12, 6, 30, tzinfo=UTC)
TRUST = Trust(gap_s=5, speed_kmh=150)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def track(*fixes: tuple[float, Place]) -> Track:
    return Track(tuple(Fix(at(seconds), place) for seconds, place in fixes))


STREET = track(*((second, place_at(second * SPEED_M_S)) for second in range(11)))


@given(st.floats(-100, 110))
def test_a_pose_exists_within_the_track_and_nowhere_beyond(seconds: float) -> None:
    pose = locate(STREET, at(seconds), trust=TRUST)
    if not START <= at(seconds) <= at(10):
        assert pose is Refusal.NO_FIX
        return
    assert isinstance(pose, Pose)
    assert distance_m(pose.place, place_at(seconds * SPEED_M_S)) < 0.01
    assert min(pose.heading_deg, 360 - pose.heading_deg) < 0.1


@given(st.floats(0, 10), st.floats(0, 10))
def test_a_truck_that_drives_on_is_never_placed_behind(first: float, second: float) -> None:
    early, late = sorted((first, second))
    a, b = (locate(STREET, at(seconds), trust=TRUST) for seconds in (early, late))
    assert isinstance(a, Pose)
    assert isinstance(b, Pose)
    assert a.place.latitude_deg <= b.place.latitude_deg + 1e-12


def test_a_frame_between_fixes_too_far_apart_is_refused() -> None:
    gap = track((0, place_at(0)), (5.1, place_at(40)))
    assert locate(gap, at(2), trust=TRUST) is Refusal.GAP
    near = track((0, place_at(0)), (5, place_at(40)))
    assert isinstance(locate(near, at(2), trust=TRUST), Pose)


def test_a_lonely_fix_has_a_place_but_no_direction() -> None:
    lonely = track((0, place_at(0)), (60, place_at(100)), (120, place_at(200)))
    assert locate(lonely, at(60), trust=TRUST) is Refusal.GAP
    assert locate(track((0, BEGIN)), at(0), trust=TRUST) is Refusal.NO_HEADING


def test_an_impossible_speed_is_a_jump() -> None:
    jump = track((0, place_at(0)), (1, place_at(42)), (2, place_at(50)))
    assert locate(jump, at(0.5), trust=TRUST) is Refusal.JUMP
    assert isinstance(locate(jump, at(1.5), trust=TRUST), Pose)


def test_a_receiver_without_satellites_is_not_believed() -> None:
    zero = track((0, place_at(0)), (1, Place(0, 0)), (2, place_at(16)))
    assert locate(zero, at(0.5), trust=TRUST) is Refusal.ZERO
    assert locate(zero, at(1), trust=TRUST) is Refusal.ZERO


def test_a_truck_that_never_moved_does_not_know_where_it_looks() -> None:
    standing = track(*((second, BEGIN) for second in range(4)))
    assert locate(standing, at(1.5), trust=TRUST) is Refusal.NO_HEADING


def test_a_truck_that_stopped_still_looks_where_it_drove() -> None:
    stopped = track((0, place_at(0)), (1, place_at(8)), (2, place_at(8)), (3, place_at(8)))
    pose = locate(stopped, at(2.5), trust=TRUST)
    assert isinstance(pose, Pose)
    assert pose.heading_deg == pytest.approx(0, abs=0.1)


def test_a_place_abroad_is_refused() -> None:
    oregon = track((0, Place(-122.4, 45.5)), (1, Place(-122.4, 45.5001)))
    assert locate(oregon, at(0.5), trust=TRUST) is Refusal.OUTSIDE_COUNTRY


def test_a_longer_way_gives_a_surer_direction() -> None:
    short = track((0, place_at(0)), (1, place_at(4)))
    a, b = locate(short, at(0.5), trust=TRUST), locate(STREET, at(5), trust=TRUST)
    assert isinstance(a, Pose)
    assert isinstance(b, Pose)
    assert b.heading_error_deg < 4 < a.heading_error_deg


def square(path: Path, west: float, south: float, east: float, north: float) -> Boundary:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    feature = {
        "type": "Feature",
        "properties": {},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return read_boundary(path)


def test_outside_the_citys_boundary_nothing_is_looked_at(tmp_path: Path) -> None:
    here = square(tmp_path / "here.geojson", 11.9, 51.4, 12.0, 51.5)
    elsewhere = square(tmp_path / "elsewhere.geojson", 13.3, 52.4, 13.5, 52.6)
    assert isinstance(locate(STREET, at(5), trust=TRUST, boundary=here), Pose)
    assert locate(STREET, at(5), trust=TRUST, boundary=elsewhere) is Refusal.OUTSIDE_CITY


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"type":"FeatureCollection","features":[]}', '{"type":"Point"}']
)
def test_a_boundary_file_without_polygons_stops_the_start(tmp_path: Path, text: str) -> None:
    path = tmp_path / "boundary.geojson"
    path.write_text(text)
    with pytest.raises(SettingsError, match="EDGE_BOUNDARY_FILE="):
        read_boundary(path)


ATTACKS = {
    "jump away and back": lambda s: place_at(s * 8 + (5_000 if 4 <= s < 5 else 0)),
    "zeros": lambda s: Place(0, 0) if 4 <= s < 7 else place_at(s * 8),
    "teleport": lambda s: place_at(s * 8 + (900 if s >= 5 else 0)),
    "swapped axes": lambda s: Place(51.48, 11.97) if s >= 5 else place_at(s * 8),
    "abroad": lambda s: Place(2.35, 48.85) if s >= 5 else place_at(s * 8),
}


@pytest.mark.parametrize("name", list(ATTACKS))
def test_a_frame_taken_while_the_position_lies_is_never_placed_far_away(name: str) -> None:
    lying = track(*((second, ATTACKS[name](second)) for second in range(11)))
    poses = [locate(lying, at(4.5), trust=TRUST), locate(lying, at(3.5), trust=TRUST)]
    assert any(isinstance(pose, Refusal) for pose in poses)
