"""The track of a drive: GPS fixes in the order of time, from GPX or CSV."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import gpxpy
from gpxpy.gpx import GPXException

from edge.errors import DriveError
from edge.local_plane import Place

MOST_BYTES = 200_000_000  # a day at 10 fixes per second is about 100 MB of GPX
TIME_COLUMNS = ("captured_at", "time", "at")


@dataclass(frozen=True, slots=True)
class Fix:
    """Where the receiver said it was."""

    at: datetime
    place: Place


@dataclass(frozen=True, slots=True)
class Track:
    """At least one fix; times only increase."""

    fixes: tuple[Fix, ...]


def read_track(path: Path, *, start: datetime | None = None) -> Track:
    """Read a GPX or CSV file; `start` is the zero of a CSV that only counts seconds.

    Raises DriveError for a missing, empty, unreadable or non-monotonic track.
    """
    if not path.is_file():
        raise DriveError(f"track {path} does not exist: name a GPX or CSV file with --track.")
    if path.stat().st_size > MOST_BYTES:
        raise DriveError(f"track {path} is larger than 200 MB: cut it to the drive.")
    fixes = _read_csv(path, start) if path.suffix.lower() == ".csv" else _read_gpx(path)
    return Track(tuple(checked(fixes, path)))


def checked(fixes: Iterable[Fix], path: Path) -> list[Fix]:
    """Return the fixes without exact repetitions; refuse impossible ones and times that go back."""
    kept: list[Fix] = []
    for number, fix in enumerate(fixes, start=1):
        longitude_deg, latitude_deg = fix.place.longitude_deg, fix.place.latitude_deg
        if not (abs(longitude_deg) <= 180 and abs(latitude_deg) <= 90):  # also catches NaN
            raise DriveError(
                f"{path}: point {number} at longitude {longitude_deg}, latitude {latitude_deg} is "
                "not on the earth: check the order of the columns and the decimal sign."
            )
        if kept and fix == kept[-1]:
            continue  # loggers write a fix twice when they rotate files
        if kept and fix.at <= kept[-1].at:
            raise DriveError(
                f"{path}: point {number} at {fix.at.isoformat()} does not come after "
                f"{kept[-1].at.isoformat()}: the receiver's clock jumped or the file was joined in "
                "the wrong order. Sort it by time, or cut it at this point and replay both parts."
            )
        kept.append(fix)
    if not kept:
        raise DriveError(f"track {path} holds no points: record the drive with a GPS logger.")
    return kept


def instant(text: str, *, where: str) -> datetime:
    """Read an RFC 3339 time; a time without a zone is refused.

    Raises DriveError that names `where` it stood.
    """
    try:
        at = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise DriveError(f"{where}: {text!r} is no time: write 2026-05-12T06:30:00Z.") from error
    if at.tzinfo is None:
        raise DriveError(f"{where}: {text!r} has no time zone: write it with Z for UTC.")
    return at.astimezone(UTC)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Read a CSV file with a header line.

    Raises DriveError when it is not one or a line has too many fields.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, restval=""))
    except (UnicodeDecodeError, csv.Error) as error:
        raise DriveError(f"{path} is no CSV file in UTF-8: {error}.") from error
    for number, row in enumerate(rows, start=2):
        if None in row:  # csv keeps surplus fields under None
            raise DriveError(
                f"{path} line {number} has more fields than the header: write decimal points, not "
                "commas, and quote texts with commas."
            )
    return rows


def column(row: dict[str, str], *beginnings: str) -> str | None:
    """Return the name of the first column that begins with one of these."""
    for beginning in beginnings:
        for name in row:
            if name.strip().lower().startswith(beginning):
                return name
    return None


def time_in_row(row: dict[str, str], *, start: datetime | None, where: str) -> datetime:
    """Read when a row happened: an RFC 3339 column, or seconds (`t_s…`) after `start`."""
    name = next((name for name in TIME_COLUMNS if name in row), None)
    if name is not None:
        return instant(row[name], where=where)
    seconds = column(row, "t_s")
    if seconds is None:
        raise DriveError(f"{where}: no column captured_at, time or t_s…: add one.")
    if start is None:
        raise DriveError(
            f"{where}: {seconds} counts seconds from an unknown start: set EDGE_DRIVE_START to an "
            "RFC 3339 time, or lay the drive's GPX beside it."
        )
    return start + timedelta(seconds=number_in_row(row, seconds, where=where))


def number_in_row(row: dict[str, str], name: str, *, where: str) -> float:
    """Read a finite number with a decimal point."""
    try:
        value = float(row[name])
    except ValueError as error:
        raise DriveError(f"{where}: {name}={row[name]!r} is no number: write 51.4823.") from error
    if not math.isfinite(value):
        raise DriveError(f"{where}: {name}={row[name]!r} is not finite: leave the row out.")
    return value


def _read_csv(path: Path, start: datetime | None) -> Iterable[Fix]:
    rows = read_rows(path)
    for number, row in enumerate(rows, start=2):
        where = f"{path} line {number}"
        longitude, latitude = column(row, "lon"), column(row, "lat")
        if longitude is None or latitude is None:
            raise DriveError(f"{where}: no columns lat… and lon…: a track needs both.")
        place = Place(
            number_in_row(row, longitude, where=where), number_in_row(row, latitude, where=where)
        )
        yield Fix(time_in_row(row, start=start, where=where), place)


def _read_gpx(path: Path) -> Iterable[Fix]:
    text = path.read_bytes()
    if b"<!ENTITY" in text:
        raise DriveError(f"{path} declares XML entities, a GPX file needs none: export it again.")
    try:
        gpx = gpxpy.parse(text)
    except (GPXException, ValueError) as error:
        raise DriveError(f"{path} is no GPX file: {error}. Export it again.") from error
    for track in gpx.tracks:
        for segment in track.segments:
            for point in segment.points:
                if point.time is None:
                    raise DriveError(
                        f"{path}: a point at {point.latitude}, {point.longitude} has no time: "
                        "export the track with times."
                    )
                yield Fix(point.time.astimezone(UTC), Place(point.longitude, point.latitude))
