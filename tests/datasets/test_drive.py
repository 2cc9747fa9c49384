"""The rendered drive: always the same, true to its truth, and with the trouble of real drives."""

from __future__ import annotations

import csv
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import cv2
import gpxpy
import numpy as np
import pytest
from numpy.typing import NDArray

from check_musterstadt import FAR_M, NEAR_M, box_of, extent_of, read_camera, read_poses, read_truth
from edge.camera_file import read_camera as read_truck_camera
from edge.drive import read_drive
from edge.position import Refusal, Trust, locate
from make_musterstadt import SEED, make, picture
from simulator.camera import Camera, Pose, pixel_of, to_camera
from simulator.drive import record
from simulator.ground import materials
from simulator.utm import to_utm
from vision.runtime.ground import spot_of

CITY = Path(__file__).parents[2] / "datasets" / "musterstadt"
TRUST = Trust(gap_s=5, speed_kmh=150)  # as the truck's settings have it
Picture = NDArray[np.uint8]


def test_musterstadt_made_again_is_the_same_to_the_byte(tmp_path: Path) -> None:
    make(tmp_path, seed=SEED, only=[9, 47])
    made = [file.relative_to(tmp_path) for file in tmp_path.rglob("*") if file.is_file()]
    assert len([name for name in made if name.suffix == ".jpg"]) == 2
    assert len(made) == 15
    for name in made:
        assert (tmp_path / name).read_bytes() == (CITY / name).read_bytes(), str(name)


def test_a_damage_is_seen_where_the_truth_projects_it() -> None:
    """The same frame without damages differs inside the projected boxes, and hardly elsewhere."""
    drive, stuff = record(seed=SEED), materials(SEED)
    camera, poses, truths = read_camera(CITY), read_poses(CITY), read_truth(CITY)
    checked = 0
    for number in (3, 44):
        shot = drive.shots[number]
        whole = picture(drive, shot, stuff, seed=SEED, with_damages=False)
        change = np.abs(_open(picture(drive, shot, stuff, seed=SEED)) - _open(whole)).max(axis=2)
        inside = np.zeros(change.shape, bool)
        for truth in truths:
            extent = extent_of(camera, poses[shot.name], truth).astype(int)
            left, top, right, bottom = np.clip(extent, 0, 640)
            inside[max(top - 8, 0) : bottom + 9, max(left - 8, 0) : right + 9] = True
            ahead_m = _ahead_m(camera, poses[shot.name], truth.x_m, truth.y_m)
            if NEAR_M <= ahead_m <= FAR_M and box_of(camera, poses[shot.name], truth) is not None:
                assert change[top : bottom + 1, left : right + 1].max() > 25, truth.damage_id
                checked += 1
        strong = change > 25
        assert strong[inside].sum() > 0.97 * strong.sum()
    assert checked >= 2


def test_the_truck_measures_the_place_that_the_simulator_rendered() -> None:
    """Two pages know the pinhole camera: the simulator's and the truck's own."""
    truck = read_truck_camera(CITY / "drive" / "camera.toml")
    assert truck is not None
    for ahead_m, right_m in ((4.0, -1.0), (8.0, 0.5), (15.0, 2.0)):
        u_px, v_px = pixel_of(read_camera(CITY), np.array(ahead_m), np.array(right_m))
        spot = spot_of(truck, x_px=float(u_px), y_px=float(v_px))
        assert spot is not None
        assert (spot.ahead_m, spot.right_m) == pytest.approx((ahead_m, right_m), abs=1e-6)


def test_frames_are_pictures_of_the_camera_and_all_are_listed() -> None:
    camera = read_camera(CITY)
    with (CITY / "drive" / "frames.csv").open(encoding="utf-8", newline="") as file:
        listed = [row["frame"] for row in csv.DictReader(file)]
    frames = sorted((CITY / "drive" / "frames").glob("*.jpg"))
    assert [path.name for path in frames] == listed == list(read_poses(CITY))
    assert 75 <= len(frames) <= 110
    for path in frames[::10]:
        assert _open(path.read_bytes()).shape == (camera.height_px, camera.width_px, 3)


def test_the_track_is_a_gpx_of_one_fix_a_second_with_one_gap() -> None:
    track = gpxpy.parse((CITY / "drive" / "track.gpx").read_text("utf-8"))
    points = track.tracks[0].segments[0].points
    assert track.version == "1.1"
    times = [_at(point.time) for point in points]
    steps = [(b - a).total_seconds() for a, b in pairwise(times)]
    assert sorted(set(steps)) == [1.0, 6.0]
    assert steps.count(6.0) == 1


def test_the_receiver_is_wrong_by_metres_as_receivers_are() -> None:
    drive = record(seed=SEED)
    truth = {shot.captured_at.replace(microsecond=0): shot.pose for shot in drive.shots}
    errors = []
    for fix in drive.fixes:
        pose = truth.get(fix.at)
        if pose is not None:  # 0.4 s apart, so standing truck or up to 2.5 m of way
            errors.append(np.hypot(fix.x_m - pose.x_m, fix.y_m - pose.y_m))
    assert 1.0 < float(np.median(errors)) < 5.0


def test_some_frames_have_no_place_and_some_show_the_same_place_twice() -> None:
    drive = read_drive(CITY / "drive", track_file=None, start=None)
    assert drive.is_simulated
    frames = list(drive.source.frames(first=0))
    places = [locate(drive.track, _at(frame.captured_at), trust=TRUST) for frame in frames]
    refused = [place for place in places if isinstance(place, Refusal)]
    assert set(refused) == {Refusal.NO_FIX, Refusal.GAP}
    assert refused.count(Refusal.GAP) >= 5
    poses = list(read_poses(CITY).values())
    standing = [np.hypot(b.x_m - a.x_m, b.y_m - a.y_m) < 0.05 for a, b in pairwise(poses)]
    assert sum(standing) >= 4


def test_the_truck_places_itself_within_metres_of_where_it_truly_is() -> None:
    drive = read_drive(CITY / "drive", track_file=None, start=None)
    poses = read_poses(CITY)
    errors = []
    for frame in drive.source.frames(first=0):
        found = locate(drive.track, _at(frame.captured_at), trust=TRUST)
        if not isinstance(found, Refusal):
            place, pose = found.place, poses[frame.name]
            x_m, y_m = to_utm(np.array(place.longitude_deg), np.array(place.latitude_deg))
            errors.append(float(np.hypot(x_m - pose.x_m, y_m - pose.y_m)))
    assert 0.5 < float(np.median(errors)) < 4.0
    assert max(errors) < 10.0


def _open(jpeg: bytes) -> NDArray[np.int16]:
    decoded = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    return np.asarray(decoded, np.int16)


def _ahead_m(camera: Camera, pose: Pose, x_m: float, y_m: float) -> float:
    return float(to_camera(camera, pose, np.array(x_m), np.array(y_m))[0])


def _at(captured_at: datetime | None) -> datetime:
    assert captured_at is not None
    return captured_at
