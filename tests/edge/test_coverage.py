"""What was looked at is counted by street and day; nothing of it says when a truck was where."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.coverage import Coverage
from edge.coverage import LONGEST_M, Sums, break_off, drive_on, merged, messages_of, totals_of
from edge.errors import SettingsError
from edge.local_plane import Place, distance_m, place_ahead
from edge.progress import Progress, unpack
from edge.spool import Spool
from edge.streets import Streets, read_streets
from tests.edge.drives import BEGIN, jpeg, place_at, street_map, view_from, write_drive
from tests.edge.trucks import ROOMY_BYTES, drive_through, tiny_model

AT = datetime(2026, 5, 12, 6, 30, tzinfo=UTC)
STREETS = read_streets(street_map(80, 200))
CAUSES = st.sampled_from([None, None, None, "dark", "blur", "vehicle ahead", "no picture"])


def drive(sums: Sums, along_m: list[float], *, cause: object = None, at: datetime = AT) -> None:
    for one in along_m:
        drive_on(sums, place_at(one), at, cause, streets=STREETS, furthest_m=25)  # type: ignore[arg-type]


def test_a_street_driven_to_its_end_is_covered_and_the_next_one_up_to_the_last_frame() -> None:
    sums = Sums()
    drive(sums, [4.0 * n for n in range(31)])
    (message,) = messages_of(sums, is_simulated=False)
    assert message.day == date(2026, 5, 12)
    rows = {one.segment_id: one for one in message.segments}
    assert (rows["s0"].assessed_m, rows["s0"].covered_m) == pytest.approx((80, 80), abs=0.3)
    assert (rows["s1"].assessed_m, rows["s1"].covered_m) == pytest.approx((40, 40), abs=0.3)


def test_the_same_half_of_a_street_driven_twice_is_half_a_street() -> None:
    sums = Sums()
    drive(sums, [4.0 * n for n in range(11)])
    break_off(sums)
    drive(sums, [40.0 - 4.0 * n for n in range(11)])  # and back
    ((only,),) = [one.segments for one in messages_of(sums, is_simulated=False)]
    assert only.assessed_m == pytest.approx(80, abs=0.3)
    assert only.covered_m == pytest.approx(40, abs=0.3)


def test_dark_road_is_driven_and_not_assessed_and_says_why() -> None:
    sums = Sums()
    drive(sums, [0, 10, 20], cause="dark")
    drive(sums, [30])
    assert totals_of(sums) == pytest.approx({"dark": 30}, abs=0.1)
    ((only,),) = [one.segments for one in messages_of(sums, is_simulated=False)]
    assert (only.assessed_m, only.covered_m) == (0, 0)


def test_what_lies_beyond_the_trucks_view_was_not_looked_at() -> None:
    sums = Sums()
    drive(sums, [0, 60])
    assert totals_of(sums) == pytest.approx({"assessed": 25, "not looked": 35}, abs=0.1)


def test_a_gap_without_a_trusted_place_counts_on_no_street() -> None:
    sums = Sums()
    drive(sums, [0, 8])
    break_off(sums)
    drive(sums, [60, 68, 68 + LONGEST_M + 1])
    assert totals_of(sums) == pytest.approx({"assessed": 16}, abs=0.1)


def test_a_street_that_is_only_crossed_is_not_looked_at() -> None:
    sums = Sums()
    middle = place_at(40)
    for east_m in range(-60, 61, 4):
        place = place_ahead(middle, heading_deg=90, ahead_m=east_m, right_m=0)
        drive_on(sums, place, AT, None, streets=STREETS, furthest_m=25)
    assert sums.days == {}
    assert totals_of(sums) == pytest.approx({"off street": 120}, abs=0.2)


def test_a_day_ends_at_the_citys_midnight() -> None:
    sums = Sums()
    late = datetime(2026, 5, 12, 21, 59, 50, tzinfo=UTC)  # 23:59:50 in the city
    for second in range(0, 20, 2):
        at = late + timedelta(seconds=second)
        drive(sums, [second * 4.0], at=at)
    assert [one.day for one in messages_of(sums, is_simulated=False)] == [
        date(2026, 5, 12),
        date(2026, 5, 13),
    ]


@given(
    steps=st.lists(st.tuples(st.floats(-140, 140), st.floats(-40, 40), CAUSES), max_size=40),
    view_m=st.floats(5, 60),
)
def test_every_metre_between_trusted_frames_is_counted_once_and_only_once(
    steps: list[tuple[float, float, object]], view_m: float
) -> None:
    sums, place, driven_m = Sums(), BEGIN, 0.0
    drive_on(sums, place, AT, None, streets=STREETS, furthest_m=view_m)
    for north_m, east_m, cause in steps:
        after = place_ahead(place, heading_deg=0, ahead_m=north_m, right_m=east_m)
        step_m = distance_m(place, after)
        driven_m += step_m if step_m <= LONGEST_M else 0
        drive_on(sums, after, AT, cause, streets=STREETS, furthest_m=view_m)  # type: ignore[arg-type]
        place = after
    counted_m = sums.off_street_m + sum(
        one.assessed_m + sum(one.unassessed_m.values())
        for segments in sums.days.values()
        for one in segments.values()
    )
    assert counted_m == pytest.approx(driven_m, abs=1e-6)
    lengths_m = {"s0": 80.0, "s1": 120.0}
    for message in messages_of(unpack(Progress(coverage=sums).pack()).coverage, is_simulated=True):
        again = msgspec.json.decode(msgspec.json.encode(message), type=Coverage)
        for one in again.segments:
            assert 0 <= one.covered_m <= min(one.assessed_m, lengths_m[one.segment_id]) + 0.5


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)).map(sorted), max_size=20))
def test_metres_seen_twice_are_covered_once(ends: list[list[int]]) -> None:
    intervals = [(float(low), float(high)) for low, high in ends]
    apart = merged(intervals)
    seen = {metre for low, high in ends for metre in range(low, high)}
    assert sum(high - low for low, high in apart) == len(seen)
    assert merged(apart) == apart


@pytest.mark.parametrize(
    "body", [b"", b"<html>please log in</html>", b'{"streets": []}', street_map(50)[:-9]]
)
def test_a_street_map_that_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(SettingsError, match="street map"):
        read_streets(body)


def test_an_unknown_time_zone_is_refused_and_an_empty_map_is_a_map() -> None:
    with pytest.raises(SettingsError, match="Nowhere"):
        read_streets(street_map(50, time_zone="Europe/Nowhere"))
    assert read_streets(street_map()).match(BEGIN, 0) is None


def test_a_real_drive_brings_its_sums_into_the_spool_and_forgets_its_places(
    tmp_path: Path,
) -> None:
    folder = write_drive(tmp_path / "drive")
    dark = [f"{number:05d}.jpg" for number in range(10, 15)]
    for name in dark:
        (folder / "frames" / name).write_bytes(jpeg(np.zeros((384, 640, 3), np.uint8)))
    (folder / "frames" / "00020.jpg").write_bytes(jpeg(view_from(80))[:900])
    spool = Spool(tmp_path / "spool.db", limit_bytes=ROOMY_BYTES)
    model = tiny_model(tmp_path / "model")
    streets: Streets = read_streets(street_map(80, 200))
    progress = drive_through(folder, model, spool, streets=streets)
    bodies = [bytes(row[0]) for row in spool.file.all("SELECT body FROM coverage")]
    kept = bytes(spool.file.one("SELECT progress FROM drive")[0])
    spool.close()
    (message,) = [msgspec.json.decode(body, type=Coverage) for body in bodies]
    causes = {one.segment_id: one.unassessed_m for one in message.segments}
    assert causes["s0"] == pytest.approx({"dark": 20}, abs=0.2)
    assert causes["s1"] == pytest.approx({"no picture": 4}, abs=0.2)
    assert sum(progress.metres.values()) == pytest.approx(156, abs=0.5)  # 39 stretches of 4 m
    again = unpack(kept)
    assert (again.last_place, again.latest_at, again.coverage) == (None, None, Sums())


def test_the_message_has_no_field_for_a_vehicle_a_time_or_a_place() -> None:
    sums = Sums()
    drive(sums, [0, 10])
    (message,) = messages_of(sums, is_simulated=False)
    assert set(msgspec.to_builtins(message)) == {
        "version",
        "coverage_id",
        "day",
        "simulated",
        "segments",
    }
    assert set(msgspec.to_builtins(message.segments[0])) == {
        "segment_id",
        "assessed_m",
        "covered_m",
        "unassessed_m",
    }


def test_a_place_beside_no_street_matches_nothing() -> None:
    assert STREETS.match(Place(12.5, 51.0), 0) is None
