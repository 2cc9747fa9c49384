"""A drive past damages that are seen again mends a camera that was knocked, and says how well."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from edge.__main__ import main
from edge.camera_file import Known, read_known, toml
from edge.drive import read_drive
from edge.errors import DriveError
from edge.mending import FEWEST_DAMAGES, Mended, Verdict, mend
from edge.refinement import look_along, on_odometer, read_odometer
from edge.repeats import Look, step_m
from edge.settings import Settings
from edge.sources import Folder
from tests.bench.odometer.drive import DRIVE, HALF_M, apart, damages, wizard
from tests.bench.odometer.knocked import SIMULATED, wheel_m
from tests.edge.drives import START, write_drive
from vision.runtime import model_file
from vision.runtime.detections import DAMAGE_CLASSES, Detections
from vision.runtime.ground import Camera, pixel_of
from vision.runtime.model_file import Model

POTHOLE = DAMAGE_CLASSES.index("D40")
TRUE = Camera(640, 400, 560.0, 320.0, 200.0, 2.2, 20.0)
THRESHOLDS = model_file.read_card(model_file.newest_release().with_name("card.json")).thresholds


@pytest.fixture(scope="module")
def model() -> Model:
    return model_file.load(model_file.newest_release())


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two thirds of Musterstadt's drive: enough damages, less time."""
    folder = tmp_path_factory.mktemp("part")
    for name in ("frames", "track.gpx", "camera.toml", "drive.toml"):
        (folder / name).symlink_to(SIMULATED / name)
    head, *rows = (SIMULATED / "frames.csv").read_text().splitlines()
    (folder / "frames.csv").write_text("\n".join([head, *rows[30:]]) + "\n")
    return folder


@pytest.fixture(scope="module")
def musterstadt(part: Path, model: Model) -> list[Look]:
    drive = read_drive(part, track_file=None, start=None)
    assert drive.camera is not None
    return look_along(drive, model, Settings(), drive.camera, lambda _: None)[0]


def mended(looks: list[Look], camera: Camera, *, height_error_m: float = 0.1) -> Mended:
    known = Known(camera, "a test", {"height_error_m": height_error_m})
    return mend(looks, known, camera, thresholds=THRESHOLDS, furthest_m=25, gate_m=2.5)


def drive_past(number: int, *, seen_by: Camera = TRUE) -> list[Look]:
    """Look at potholes 30 m apart from 16, 12, 8 and 5 m, with another width each."""
    looks = []
    for hole in range(number):
        for ahead_m in (16.0, 12.0, 8.0, 5.0):
            near, far = (
                pixel_of(seen_by, ahead_m=ahead_m + off_m, right_m=0.0) for off_m in (-0.3, 0.3)
            )
            assert near is not None
            assert far is not None
            half_px = (near[1] - far[1]) * (1 + hole % 3)
            box = np.array([[near[0] - half_px, far[1], near[0] + half_px, near[1]]], np.float32)
            seen = Detections(box, np.ones(1, np.float32), np.array([POTHOLE]))
            looks.append(Look(f"{hole}-{ahead_m}", START, hole * 30 - ahead_m, 0.0, seen))
    return looks


def test_a_knocked_camera_is_mended_by_the_receivers_track_and_the_file_before_is_kept(
    part: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = read_known(SIMULATED / "camera.toml")
    file = tmp_path / "camera.toml"
    file.write_text(toml(replace(known.camera, pitch_deg=21.0), "knocked", {"height_error_m": 0.1}))
    given = ["refine", "--drive", str(part), "--camera", str(file), "--json"]
    assert main([*given, "--write"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["verdict"], said["written"]) == (Verdict.MENDS.value, True)
    assert abs(said["pitch_after_deg"] - known.camera.pitch_deg) < 2 * said["pitch_error_deg"] < 0.6
    assert said["apart_after_m"] < said["apart_before_m"] / 2
    mended_file = read_known(file)
    assert mended_file.camera.pitch_deg == pytest.approx(said["pitch_after_deg"], abs=0.01)
    assert mended_file.errors["pitch_error_deg"] == said["pitch_error_deg"]
    assert mended_file.source.startswith("knocked; pitch and height mended by ")
    assert main(["refine", "--undo", "--camera", str(file)]) == 0
    assert read_known(file).source == "knocked"
    assert not Path(said["file_before"]).exists()


@pytest.mark.parametrize("knocked_deg", [-2, 4])
def test_wheels_mend_the_pitch_to_a_quarter_degree_from_far_off(
    musterstadt: list[Look], knocked_deg: float
) -> None:
    true = read_known(SIMULATED / "camera.toml").camera
    wrong = replace(true, pitch_deg=true.pitch_deg + knocked_deg)
    found = mended(on_odometer(musterstadt, wheel_m()), wrong)
    assert found.verdict is Verdict.MENDS
    assert found.refined.camera.pitch_deg == pytest.approx(true.pitch_deg, abs=0.25)
    assert found.refined.camera.height_m == pytest.approx(true.height_m, abs=0.1)
    assert found.apart_after_m < 0.4


def test_a_camera_that_stands_right_is_left_alone(musterstadt: list[Look]) -> None:
    true = read_known(SIMULATED / "camera.toml").camera
    assert mended(musterstadt, true).verdict is Verdict.AS_GOOD


@pytest.mark.skipif(not DRIVE.is_dir(), reason=f"{DRIVE} is not there")
def test_on_a_real_road_the_first_half_of_a_drive_mends_the_second(model: Model) -> None:
    camera = wizard().camera
    drive = read_drive(DRIVE, track_file=None, start=None)
    odometer = read_odometer(DRIVE, None)
    assert isinstance(drive.source, Folder)
    half = tuple(one for one in drive.source.captured if odometer[one[0]] < HALF_M)
    drive = replace(drive, source=replace(drive.source, captured=half))
    first, _ = look_along(drive, model, Settings(), camera, lambda _: None)
    first = on_odometer(first, odometer)
    found = mended(first, camera, height_error_m=wizard().height_error_m)
    checked = {n: v for n, v in damages().items() if v[0].odometer_m >= HALF_M}  # by a person
    before, after = (
        float(np.median([abs(one.by_m) for one in apart(checked, way)]))
        for way in (camera, found.refined.camera)
    )
    assert found.verdict is Verdict.MENDS
    assert after < 0.8 * before


def test_exact_views_give_the_camera_back() -> None:
    found = mended(drive_past(12), replace(TRUE, pitch_deg=18.5, height_m=2.25))
    assert found.refined.camera.pitch_deg == pytest.approx(20, abs=0.1)
    assert (found.damages, found.refined.pairs) == (12, 72)


def test_too_few_damages_are_refused_with_their_number_and_what_to_drive() -> None:
    few = drive_past(FEWEST_DAMAGES - 1)
    with pytest.raises(DriveError, match=r"7 damages were seen again, in 42 pairs .* at least 8"):
        mended(few, TRUE)
    with pytest.raises(DriveError, match="0 damages"):
        mended([], TRUE)


def test_across_a_bend_no_damage_is_joined() -> None:
    bend = [
        replace(look, heading_deg=20.0 * (index % 2)) for index, look in enumerate(drive_past(12))
    ]
    with pytest.raises(DriveError, match="0 damages were seen again"):
        mended(bend, TRUE)


def test_across_a_gap_of_the_positions_no_damage_is_joined() -> None:
    assert step_m(None, None) > 100


def test_an_odometer_in_kilometres_is_refused_with_both_lengths(musterstadt: list[Look]) -> None:
    kilometres = {frame: metres / 1000 for frame, metres in wheel_m().items()}
    with pytest.raises(DriveError, match=r"odometer says 0 m where the track says \d{3} m"):
        on_odometer(musterstadt, kilometres)


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ([], 2, "Name --drive, or --camera"),
        (["--camera", "nowhere.toml"], 2, "stadtwart edge calibrate first"),
        (["--camera", "{drive}/camera.toml"], 2, "name --drive"),
        (["--drive", "{drive}", "--odometer", "nowhere.csv"], 4, "frame, odometer_m"),
        (["--drive", "{drive}", "--odometer", "{drive}/frames.csv"], 4, "odometer_m (metres)"),
        (["--drive", "{drive}", "--write"], 4, "0 damages were seen again"),
        (["--drive", "{drive}", "--undo"], 4, "nothing to put back"),
    ],
)
def test_what_is_missing_is_named_and_the_file_stays(
    tmp_path: Path, given: list[str], code: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    drive = write_drive(tmp_path / "d", seconds=1, potholes_m=())
    before = (drive / "camera.toml").read_bytes()
    assert main(["refine", *(part.format(drive=drive) for part in given)]) == code
    assert says in capsys.readouterr().err
    assert (drive / "camera.toml").read_bytes() == before
