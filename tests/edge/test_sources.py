"""Drives as they come from cards and recorders: folders, films, and everything wrong with them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import cv2
import pytest

from edge.camera_file import read_camera
from edge.drive import read_drive
from edge.errors import DriveError
from edge.sources import FrameUnusableError
from tests.edge.drives import CAMERA, START, camera_toml, view_from, write_drive, write_gpx

SHARED = Path(__file__).parents[3] / "shared" / "data" / "drive"
NEEDS_SHARED = pytest.mark.skipif(not SHARED.is_dir(), reason=f"{SHARED} is not there")


def write_film(path: Path, *, seconds: int = 2, frames_per_s: int = 10) -> Path:
    size = (CAMERA.width_px, CAMERA.height_px)
    film = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), frames_per_s, size)
    for index in range(seconds * frames_per_s):
        film.write(view_from(index * 0.8))
    film.release()
    write_gpx(path.with_suffix(".gpx"), seconds=seconds)
    return path


def refused(path: Path, words: str) -> None:
    with pytest.raises(DriveError, match=words):
        read_drive(path, track_file=None, start=None)


def test_a_folder_is_read_with_times_track_and_camera(tmp_path: Path) -> None:
    drive = read_drive(write_drive(tmp_path / "d", seconds=2), track_file=None, start=None)
    frames = list(drive.source.frames(first=0))
    assert [frame.captured_at for frame in frames[:2]] == [START, START + timedelta(seconds=0.5)]
    assert frames[0].open().shape == (384, 640, 3)
    assert drive.camera == CAMERA
    assert not drive.is_simulated


def test_a_folder_is_continued_at_any_frame(tmp_path: Path) -> None:
    drive = read_drive(write_drive(tmp_path / "d", seconds=2), track_file=None, start=None)
    whole = [frame.name for frame in drive.source.frames(first=0)]
    assert [frame.name for frame in drive.source.frames(first=3)] == whole[3:]
    assert len(drive.source) == len(whole)


def test_a_rendered_drive_is_called_simulated(tmp_path: Path) -> None:
    folder = write_drive(tmp_path / "d", seconds=2)
    (folder / "drive.toml").write_text('simulated = true\nmade_by = "a program"\n')
    assert read_drive(folder, track_file=None, start=None).is_simulated


def test_the_same_pictures_elsewhere_are_the_same_drive(tmp_path: Path) -> None:
    folder = write_drive(tmp_path / "d", seconds=2)
    first = read_drive(folder, track_file=None, start=None).drive_id
    moved = folder.rename(tmp_path / "moved")
    assert read_drive(moved, track_file=None, start=None).drive_id == first
    (moved / "camera.toml").unlink()
    assert read_drive(moved, track_file=None, start=None).drive_id != first


def test_a_film_with_a_track_is_a_drive(tmp_path: Path) -> None:
    drive = read_drive(write_film(tmp_path / "film.mp4"), track_file=None, start=None)
    frames = list(drive.source.frames(first=18))
    assert len(drive.source) == 20
    assert [frame.name for frame in frames] == ["frame-000018", "frame-000019"]
    assert frames[0].captured_at == START + timedelta(seconds=1.8)
    (frame,) = list(drive.source.frames(first=19))
    assert frame.captured_at == START + timedelta(seconds=1.9)


def test_a_films_picture_is_opened_while_it_is_shown(tmp_path: Path) -> None:
    drive = read_drive(write_film(tmp_path / "film.mp4"), track_file=None, start=None)
    shapes = [frame.open().shape for frame in drive.source.frames(first=0)]
    assert shapes == [(384, 640, 3)] * 20


def test_a_film_that_was_cut_off_has_broken_frames_not_a_crash(tmp_path: Path) -> None:
    path = write_film(tmp_path / "film.avi")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    drive = read_drive(path, track_file=None, start=None)
    opened, broken = 0, 0
    for frame in drive.source.frames(first=0):
        try:
            frame.open()
            opened += 1
        except FrameUnusableError as error:
            broken += str(error) == "broken picture"
    assert opened > 0
    assert broken > 0
    assert opened + broken == len(drive.source)


def test_a_film_that_is_none_is_refused(tmp_path: Path) -> None:
    write_gpx(tmp_path / "film.gpx", seconds=2)
    (tmp_path / "film.mp4").write_bytes(b"no film" * 100)
    refused(tmp_path / "film.mp4", "is no readable film")


def test_a_drive_without_its_parts_names_the_remedy(tmp_path: Path) -> None:
    refused(tmp_path / "none", "is neither a folder nor a film")
    folder = write_drive(tmp_path / "d", seconds=2)
    (folder / "frames.csv").rename(tmp_path / "frames.csv")
    refused(folder, "write frames.csv with the columns")
    (tmp_path / "frames.csv").rename(folder / "frames.csv")
    (folder / "track.gpx").unlink()
    refused(folder, "has no track: put track.gpx into it")


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ("../../etc/passwd,2026-05-12T06:30:00Z", "is no file name"),
        (",2026-05-12T06:30:00Z", "is no file name"),
        ("00000.jpg,yesterday", "is no time"),
        ("00000.jpg,2026-05-12T06:30:00", "has no time zone"),
        ("00000.jpg,2026-05-12T06:30:00Z\n00000.jpg,2026-05-12T06:30:01Z", "names a frame twice"),
    ],
)
def test_a_wrong_list_of_frames_is_refused_with_its_line(
    tmp_path: Path, rows: str, words: str
) -> None:
    folder = write_drive(tmp_path / "d", seconds=2)
    (folder / "frames.csv").write_text(f"frame,captured_at\n{rows}\n")
    refused(folder, words)


def test_a_folder_without_pictures_is_refused(tmp_path: Path) -> None:
    write_gpx(tmp_path / "track.gpx", seconds=2)
    (tmp_path / "frames.csv").write_text("frame,captured_at\n")
    refused(tmp_path, "holds no pictures")


@pytest.mark.parametrize(
    ("was", "now", "says"),
    [
        ("focal_px = 500", "focal_px = -1", "focal_px = -1.0 is no focal length .* about 576"),
        ("focal_px = 500", "focal_px = 4", "focal_px = 4.0 is no focal length"),
        ("focal_px = 500", "focal_px = nan", "focal_px = nan is no focal length"),
        ("focal_px = 500", "focal_px = ", "is no TOML"),
        ("pitch_deg = 20", "pitch = 20", "missing required field|unknown field"),
        ("pitch_deg = 20", "pitch_deg = -25", "pitch_deg = -25.0 .* show no road within 25 m"),
        ("pitch_deg = 20", "pitch_deg = 200", "pitch_deg = 200.0 is not within -30 to 60"),
        ("height_m = 2.5", "height_m = 250", "height_m = 250.0 is not within .* not centimetres"),
        ("centre_x_px = 320", "centre_x_px = 960", "outside the picture of 640 x 384 px"),
        ("width_px = 640", "width_px = 0", "width_px = 0 is not within 16 to 20000"),
        ("forward_m = 1.0", "forward_m = 100", "forward_m = 100.0 .* ahead of the GPS antenna"),
        ("forward_m = 1.0", "k1 = 7", "k1 = 7.0 is not within -1 to 1"),
        ("[camera]", "[kamera]", r"no table \[camera\]: write it with stadtwart edge calibrate"),
    ],
)
def test_a_camera_that_cannot_stand_on_a_truck_stops_the_start_with_value_and_remedy(
    tmp_path: Path, was: str, now: str, says: str
) -> None:
    file = tmp_path / "camera.toml"
    file.write_text(camera_toml().replace(was, now))
    with pytest.raises(DriveError, match=rf"camera\.toml.*({says})"):
        read_camera(file)


def test_no_camera_file_means_not_calibrated(tmp_path: Path) -> None:
    assert read_camera(tmp_path / "camera.toml") is None


@NEEDS_SHARED
def test_the_survey_drive_with_seconds_takes_its_start_from_the_gpx() -> None:
    drive = read_drive(SHARED, track_file=None, start=None)
    frames = list(drive.source.frames(first=0))
    assert len(frames) == 81
    assert [frame.captured_at for frame in frames] == [fix.at for fix in drive.track.fixes]
    assert drive.is_simulated  # its positions are made up


@NEEDS_SHARED
def test_a_real_dashcams_film_is_read() -> None:
    samples = SHARED / "mapillary_tools_samples"
    track = samples / "sf_30km_h.gpx"
    drive = read_drive(samples / "sample-5s.mp4", track_file=track, start=None)
    opened = [frame.open().shape for frame in drive.source.frames(first=165)]
    assert len(drive.source) == 171
    assert opened == [(1080, 1920, 3)] * 6


def test_an_extra_large_file_is_not_even_read(tmp_path: Path) -> None:
    folder = write_drive(tmp_path / "d", seconds=2)
    with (folder / "frames" / "00000.jpg").open("wb") as file:
        file.truncate(50_000_000)
    drive = read_drive(folder, track_file=None, start=None)
    first = next(iter(drive.source.frames(first=0)))
    with pytest.raises(FrameUnusableError, match="picture too large"):
        first.open()
