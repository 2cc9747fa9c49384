"""A drive to replay: pictures or a film, its track, and the camera that took them.

DIR/frames/*.jpg   frames.csv (frame, captured_at)   track.gpx   camera.toml   drive.toml
film.mp4           film.gpx or --track FILE
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from edge.camera_file import read_camera
from edge.errors import DriveError
from edge.sources import Folder, Source, open_video
from edge.track import Track, column, read_rows, read_track, time_in_row
from vision.runtime.ground import Camera

PICTURES = {".jpg", ".jpeg", ".png"}
FILMS = {".mp4", ".mov", ".mkv", ".avi"}
FRAME_LISTS = ("frames.csv", "drive.csv")
TRACKS = ("track.gpx", "drive.gpx", "track.csv", "drive.csv")

T = TypeVar("T")


class DriveFile(msgspec.Struct, frozen=True, kw_only=True):
    """The part of drive.toml that matters here; the rest of it is for people."""

    simulated: bool = False  # rendered pictures or made-up positions


@dataclass(frozen=True, slots=True)
class Drive:
    """Everything about one drive; `drive_id` is the same for the same content anywhere."""

    drive_id: str
    source: Source
    track: Track
    camera: Camera | None
    is_simulated: bool


def read_drive(path: Path, *, track_file: Path | None, start: datetime | None) -> Drive:
    """Read a drive from a folder or a film.

    Raises DriveError for anything missing, with its remedy.
    """
    if path.is_dir():
        return _read_folder(path, track_file, start)
    if path.suffix.lower() in FILMS and path.is_file():
        return _read_film(path, track_file, start)
    raise DriveError(f"drive {path} is neither a folder nor a film ({', '.join(sorted(FILMS))}).")


def _read_folder(path: Path, track_file: Path | None, start: datetime | None) -> Drive:
    track_file = track_file or _first_of(path, TRACKS)
    if track_file is None:
        raise DriveError(f"{path} has no track: put track.gpx into it or name one with --track.")
    track = read_track(track_file, start=start or _start_beside(track_file))
    folder = path / "frames" if (path / "frames").is_dir() else path
    list_file = _first_of(path, FRAME_LISTS)
    if list_file is None:
        raise DriveError(
            f"{path} does not say when its pictures were taken: write frames.csv with the columns "
            "frame and captured_at (2026-05-12T06:30:00Z)."
        )
    rows = read_rows(list_file)
    captured = _captured(rows, folder, list_file, start or track.fixes[0].at)
    camera = read_camera(path / "camera.toml")
    simulated = _is_simulated(path / "drive.toml", rows)
    return _identified(Folder(folder, tuple(captured)), track, camera, simulated)


def _read_film(path: Path, track_file: Path | None, start: datetime | None) -> Drive:
    track_file = track_file or _first_of(path.parent, (f"{path.stem}.gpx", f"{path.stem}.csv"))
    if track_file is None:
        raise DriveError(f"{path} has no track: put {path.stem}.gpx beside it or name --track.")
    track = read_track(track_file, start=start)
    film = open_video(path, start=start or track.fixes[0].at)
    camera = read_camera(path.with_name("camera.toml"))
    simulated = _is_simulated(path.with_name("drive.toml"), [])
    return _identified(film, track, camera, simulated)


def _start_beside(track_file: Path) -> datetime | None:
    """Return when a CSV's seconds begin: at the first point of a GPX beside it."""
    beside = track_file.with_suffix(".gpx")
    if track_file.suffix.lower() != ".csv" or not beside.is_file():
        return None
    return read_track(beside).fixes[0].at


def _captured(
    rows: list[dict[str, str]], folder: Path, list_file: Path, start: datetime
) -> list[tuple[str, datetime | None]]:
    """Return the listed frames in their order, then pictures that nobody listed."""
    captured: list[tuple[str, datetime | None]] = []
    for number, row in enumerate(rows, start=2):
        where = f"{list_file} line {number}"
        name = row.get("frame", "").strip()
        if not name or Path(name).name != name:
            raise DriveError(f"{where}: frame={name!r} is no file name: name a file in {folder}.")
        captured.append((name, time_in_row(row, start=start, where=where)))
    listed = {name for name, _ in captured}
    if len(listed) < len(captured):
        raise DriveError(f"{list_file} names a frame twice: each picture was taken once.")
    pictures = sorted(file.name for file in folder.iterdir() if file.suffix.lower() in PICTURES)
    captured += [(name, None) for name in pictures if name not in listed]
    if not captured:
        raise DriveError(f"{folder} holds no pictures: put the drive's .jpg files there.")
    return captured


def _is_simulated(path: Path, rows: list[dict[str, str]]) -> bool:
    """Tell whether pictures are rendered or, by a column …synthetic, positions made up."""
    if path.is_file() and _convert(_toml(path), DriveFile, path).simulated:
        return True
    return bool(rows) and column(rows[0], "gps_is_synthetic", "lat_synthetic") is not None


def _toml(path: Path) -> dict[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DriveError(f"{path} is no TOML: {error}.") from error


def _convert(value: object, kind: type[T], path: Path) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise DriveError(f"{path}: {error}. See docs/edge.md for its fields.") from error


def _first_of(folder: Path, names: Iterable[str]) -> Path | None:
    return next((folder / name for name in names if (folder / name).is_file()), None)


def _identified(source: Source, track: Track, camera: Camera | None, simulated: bool) -> Drive:
    """Name the drive by its content, so that the same drive is known wherever it lies."""
    digest = sha256(source.signature().encode())
    for fix in track.fixes:
        digest.update(repr((fix.at, fix.place)).encode())
    digest.update(repr((camera, simulated)).encode())
    return Drive(digest.hexdigest(), source, track, camera, simulated)
