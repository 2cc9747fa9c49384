"""Tracks as loggers write them, and as they must not be: each refusal names the remedy."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from edge.errors import DriveError
from edge.track import read_track
from tests.edge.drives import START, gpx, write_gpx

SHARED = Path(__file__).parents[3] / "shared" / "data" / "drive"
POINT = '<trkpt lat="51.48" lon="11.97"><time>2026-05-12T06:30:0{second}Z</time></trkpt>'


def point(second: int) -> str:
    return POINT.format(second=second)


def refused(path: Path, words: str, text: str | bytes, *, start: datetime | None = None) -> None:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(DriveError, match=words):
        read_track(path, start=start)


def test_a_gpx_is_read_in_utc(tmp_path: Path) -> None:
    write_gpx(tmp_path / "t.gpx", seconds=3)
    track = read_track(tmp_path / "t.gpx")
    assert len(track.fixes) == 4
    assert track.fixes[0].at == START
    assert track.fixes[0].at.tzinfo is UTC


def test_a_missing_track_says_so(tmp_path: Path) -> None:
    with pytest.raises(DriveError, match="does not exist: name a GPX or CSV"):
        read_track(tmp_path / "none.gpx")


def test_an_empty_track_says_so(tmp_path: Path) -> None:
    refused(tmp_path / "t.gpx", "holds no points", gpx(""))
    refused(tmp_path / "t.gpx", "is no GPX file", "")
    refused(tmp_path / "t.gpx", "is no GPX file", "<html></html")
    refused(tmp_path / "t.csv", "holds no points", "time,lat,lon\n")


def test_a_track_whose_clock_went_back_is_refused_at_that_point(tmp_path: Path) -> None:
    refused(
        tmp_path / "t.gpx", r"point 3 at .*Sort it by time", gpx(point(1) + point(5) + point(3))
    )


def test_a_fix_written_twice_counts_once(tmp_path: Path) -> None:
    (tmp_path / "t.gpx").write_text(gpx(point(1) + point(1) + point(2)))
    assert len(read_track(tmp_path / "t.gpx").fixes) == 2


def test_two_places_at_the_same_time_are_refused(tmp_path: Path) -> None:
    other = point(1).replace("51.48", "51.49")
    refused(tmp_path / "t.gpx", "does not come after", gpx(point(1) + other))


def test_a_point_without_time_or_place_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "t.gpx", "has no time", gpx('<trkpt lat="51" lon="11"></trkpt>'))
    csv = "time,lat,lon\n2026-05-12T06:30:00Z,{},11.97\n"
    for latitude in ("", "abc", "nan", "inf", "51,48"):
        refused(tmp_path / "t.csv", "line 2|not on the earth", csv.format(latitude))
    refused(tmp_path / "t.csv", "not on the earth", csv.format("95"))


def test_a_track_with_entities_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + gpx(point(1))
    refused(tmp_path / "t.gpx", "declares XML entities", bomb)


def test_a_csv_without_needed_columns_names_them(tmp_path: Path) -> None:
    refused(tmp_path / "t.csv", "lat… and lon…", "time,x,y\n2026-05-12T06:30:00Z,1,2\n")
    refused(tmp_path / "t.csv", "captured_at, time or t_s", "when,lat,lon\n1,51,11\n")
    refused(tmp_path / "t.csv", "EDGE_DRIVE_START", "t_s,lat,lon\n1,51,11\n")
    refused(tmp_path / "t.csv", "has no time zone", "time,lat,lon\n2026-05-12T06:30:00,51,11\n")
    refused(tmp_path / "t.csv", "no CSV file in UTF-8", b"time,lat\n\xff\xfe\x00")


def test_a_csv_that_counts_seconds_begins_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("t_s_at_30kmh,lat_x,lon_x\n0,51,11\n1.5,51.0001,11\n")
    fixes = read_track(tmp_path / "t.csv", start=START).fixes
    assert (fixes[1].at - fixes[0].at).total_seconds() == 1.5
    assert fixes[1].place.latitude_deg == 51.0001


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there")
def test_a_gpx_of_a_real_receiver_is_read() -> None:
    track = read_track(SHARED / "mapillary_tools_samples" / "sf_30km_h.gpx")
    assert len(track.fixes) == 49
