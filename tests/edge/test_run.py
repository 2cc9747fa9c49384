"""One drive through the real edge code: a tiny real network, real files, a real spool."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import numpy as np
import pytest

from contracts.sighting import Sighting
from edge.local_plane import Place, distance_m
from edge.progress import Progress
from edge.settings import Settings
from edge.spool import Spool
from tests.edge.drives import BLUE, POTHOLES_M, jpeg, paint, place_at, view_from, write_drive
from tests.edge.trucks import NOW, ROOMY_BYTES, drive_through, tiny_model
from vision.runtime.model_file import Model
from vision.runtime.pictures import open_picture


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Model:
    return tiny_model(tmp_path_factory.mktemp("model"))


@pytest.fixture
def spool(tmp_path: Path) -> Iterator[Spool]:
    spool = Spool(tmp_path / "spool.db", limit_bytes=ROOMY_BYTES)
    yield spool
    spool.close()


def sightings_in(spool: Spool) -> list[Sighting]:
    rows = spool.file.all("SELECT body FROM sighting ORDER BY seq")
    return [msgspec.json.decode(body, type=Sighting) for (body,) in rows]


def accounted(progress: Progress) -> int:
    return progress.frames_assessed + sum(progress.frames_dropped.values())


def test_every_pothole_of_a_street_is_one_sighting_at_its_place(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    progress = drive_through(write_drive(tmp_path / "drive"), model, spool)
    seen = sightings_in(spool)
    assert len(seen) == len(POTHOLES_M)
    for one, along_m in zip(seen, POTHOLES_M, strict=True):
        found = Place(one.longitude_deg, one.latitude_deg)
        assert distance_m(found, place_at(along_m)) < one.position_error_m
        assert one.frames >= 2
        assert one.damage_class == "D40"
        assert one.picture is not None
        assert one.area_m2 is not None
    assert progress.sightings == progress.pictures == len(POTHOLES_M)


def test_counts_of_a_drive_add_up_to_the_frames_seen(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    drive = write_drive(tmp_path / "drive")
    (drive / "frames" / "00003.jpg").write_bytes(b"")
    (drive / "frames" / "00005.jpg").write_bytes(jpeg(view_from(0))[:900])
    (drive / "frames" / "00007.jpg").write_bytes(jpeg(np.zeros((4000, 4000, 3), np.uint8)))
    (drive / "frames" / "00009.jpg").write_text("<svg/>")
    (drive / "frames" / "00011.jpg").unlink()
    (drive / "frames" / "extra.jpg").write_bytes(jpeg(view_from(0)))
    (drive / "frames" / "00013.jpg").write_bytes(jpeg(np.zeros((384, 384, 3), np.uint8)))
    progress = drive_through(drive, model, spool)
    assert progress.frames_dropped == {
        "empty picture": 1,
        "broken picture": 1,
        "picture too large": 1,
        "not a picture": 1,
        "missing picture": 1,
        "no capture time": 1,
        "wrong picture size": 1,
    }
    assert accounted(progress) == progress.frames_seen == 41
    assert progress.sightings == len(POTHOLES_M)


def test_a_standing_truck_looks_once(tmp_path: Path, model: Model, spool: Spool) -> None:
    progress = drive_through(
        write_drive(tmp_path / "drive"), model, spool, settings=Settings(sample_distance_m=8)
    )
    assert progress.frames_dropped == {"too close": 20}
    assert progress.frames_assessed == 20


def test_frames_from_the_future_are_not_believed(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    drive = write_drive(tmp_path / "drive", seconds=4, start=NOW + timedelta(minutes=11))
    assert drive_through(drive, model, spool).frames_dropped == {"clock ahead": 8}


def test_frames_of_a_recorder_that_begins_in_1970_are_not_believed(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    drive = write_drive(tmp_path / "drive", seconds=4, start=NOW.replace(year=1970))
    assert drive_through(drive, model, spool).frames_dropped == {"clock unset": 8}


def test_frames_after_the_cameras_clock_went_back_are_not_placed(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    drive = write_drive(tmp_path / "drive", seconds=4)
    lines = (drive / "frames.csv").read_text().splitlines()
    (drive / "frames.csv").write_text("\n".join([*lines[:5], *lines[2:0:-1], *lines[5:]][:7]))
    lines = (drive / "frames.csv").read_text().splitlines()
    lines[5] = lines[5].replace("00001.jpg", "00006.jpg")
    lines[6] = lines[6].replace("00000.jpg", "00007.jpg")
    (drive / "frames.csv").write_text("\n".join(lines))
    assert drive_through(drive, model, spool).frames_dropped["clock went back"] == 2


def test_a_person_beside_the_pothole_is_black_in_the_picture_that_leaves(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    drive = write_drive(tmp_path / "drive")
    for index, file in enumerate(sorted((drive / "frames").iterdir())):
        frame = view_from(index * 4.0)
        for row in range(100, 384, 32):
            paint(frame, BLUE, x_px=320 + 64, y_px=row)
        file.write_bytes(jpeg(frame))
    drive_through(drive, model, spool)
    pictures = spool.file.all("SELECT jpeg FROM picture")
    receipts = [one.picture for one in sightings_in(spool)]
    assert len(pictures) > 0
    assert all(receipt is None or receipt.masked > 0 for receipt in receipts)
    for (data,) in pictures:
        picture = open_picture(data).astype(int)
        is_blue = (picture[..., 0] > 120) & (picture[..., 2] < 60)
        assert not is_blue.any()


def test_an_uncalibrated_camera_gives_a_guess_with_a_large_error_and_no_area(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    drive_through(write_drive(tmp_path / "drive", is_calibrated=False), model, spool)
    seen = sightings_in(spool)
    assert len(seen) >= len(POTHOLES_M)
    assert all(one.area_m2 is None and one.position_error_m > 8 for one in seen)


def test_a_drive_worked_through_before_is_not_worked_through_again(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    drive = write_drive(tmp_path / "drive")
    first = drive_through(drive, model, spool)
    again = drive_through(drive, model, spool)
    assert again == first
    assert len(sightings_in(spool)) == len(POTHOLES_M)


def test_the_same_drive_in_an_empty_spool_has_the_same_sightings(
    tmp_path: Path, model: Model, spool: Spool
) -> None:
    drive = write_drive(tmp_path / "drive")
    drive_through(drive, model, spool)
    other = Spool(tmp_path / "other.db", limit_bytes=ROOMY_BYTES)
    drive_through(drive.rename(tmp_path / "elsewhere"), model, other)
    assert sightings_in(other) == sightings_in(spool)
    other.close()


class _PowerCutError(BaseException):
    """The program ends here."""


@pytest.mark.parametrize("checkpoint_frames", [1, 7])
def test_a_drive_cut_off_at_any_frame_goes_on_to_the_same_sightings(
    tmp_path: Path, model: Model, spool: Spool, checkpoint_frames: int
) -> None:
    drive = write_drive(tmp_path / "drive")
    settings = Settings(checkpoint_frames=checkpoint_frames)
    undisturbed = drive_through(drive, model, spool, settings=settings)
    expected = sightings_in(spool)
    for cut_at in range(1, undisturbed.frames_seen + 1, 5):
        path = tmp_path / f"cut-{cut_at}.db"

        def cut(progress: Progress, at: int = cut_at) -> None:
            if progress.frames_seen == at:
                raise _PowerCutError

        torn = Spool(path, limit_bytes=ROOMY_BYTES)
        with pytest.raises(_PowerCutError):
            drive_through(drive, model, torn, settings=settings, tell=cut)
        torn.close()
        again = Spool(path, limit_bytes=ROOMY_BYTES)
        assert drive_through(drive, model, again, settings=settings) == undisturbed
        assert sightings_in(again) == expected
        again.close()
