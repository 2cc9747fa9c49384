"""`stadtwart edge refine`: mend camera.toml by a drive past damages that are seen again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from edge.camera_file import toml
from edge.drive import FRAME_LISTS, Drive
from edge.errors import DriveError, SettingsError
from edge.mending import Mended
from edge.position import Pose, Refusal, Trust, locate
from edge.repeats import BROKEN_M, Look, step_m
from edge.sampling import is_worth_a_look
from edge.settings import Settings
from edge.sources import Frame, FrameUnusableError
from edge.track import number_in_row, read_rows
from vision.runtime import quality
from vision.runtime.ground import Camera
from vision.runtime.model_file import Model

LOOK_M = 2.0  # closer pictures tell the same again
AGREE = 0.2  # share by which odometer and track may differ: worn tyres, a rough receiver
MENDED = "; pitch and height mended"

Tell = Callable[[int], None]


def camera_file_of(named: Path | None, drive: Path | None) -> Path:
    """Return the camera file that is meant: the named one, else the one of the drive.

    Raises SettingsError where there is none.
    """
    if named is None and drive is None:
        raise SettingsError("whose camera? Name --drive, or --camera with its camera.toml.")
    beside = drive if drive is None or drive.is_dir() else drive.parent
    file = named or (beside or Path()) / "camera.toml"
    if not file.is_file():
        raise SettingsError(
            f"{file} does not exist: write it with stadtwart edge calibrate first, or name it with "
            "--camera."
        )
    return file


def read_odometer(drive: Path, named: Path | None) -> dict[str, float]:
    """Read the metres by frame: from the named list, else the drive's own, else nothing.

    Raises DriveError for a named list without the columns frame and odometer_m.
    """
    own = [drive / name for name in FRAME_LISTS if (drive / name).is_file()]
    file = named or (own[0] if own else None)
    if file is None:
        return {}
    if not file.is_file():
        raise DriveError(f"{file} does not exist: name a CSV with the columns frame, odometer_m.")
    metres = {}
    for number, row in enumerate(read_rows(file), start=2):
        where = f"{file} line {number}"
        if "frame" not in row or "odometer_m" not in row:
            if named is None:
                return {}
            raise DriveError(f"{where}: the columns frame and odometer_m (metres) are needed.")
        metres[row["frame"].strip()] = number_in_row(row, "odometer_m", where=where)
    return metres


def look_along(
    drive: Drive, model: Model, settings: Settings, camera: Camera, tell: Tell
) -> tuple[list[Look], Camera]:
    """Detect damages in the drive's frames; also return the camera in their pictures' size.

    A frame without trusted place, of another size, or from which the road cannot be judged is left
    out. Raises DriveError when the pictures are not this camera's.
    """
    looks: list[Look] = []
    last: Pose | None = None
    looked_at: Pose | None = None
    shape: tuple[int, ...] = ()
    metres = 0.0
    for number, frame in enumerate(drive.source.frames(first=0), start=1):
        tell(number)
        pose = _pose(frame, drive, settings)
        metres += step_m(last, pose)
        last = pose
        place = looked_at.place if looked_at else None
        if pose is None or not is_worth_a_look(pose.place, place, sample_distance_m=LOOK_M):
            continue
        picture = _picture(frame)
        if picture is None or picture.shape != (shape or picture.shape):
            continue
        if not shape:
            shape, camera = picture.shape, _sized(camera, picture)
        looked_at = pose
        found = model.detector.detect(picture)
        at = frame.captured_at or drive.track.fixes[0].at
        looks.append(Look(frame.name, at, metres, pose.heading_deg, found))
    return looks, camera


def on_odometer(looks: list[Look], odometer: dict[str, float]) -> list[Look]:
    """Put looks where the odometer says; a frame it does not know is left out.

    Raises DriveError when odometer and track are of different lengths: another unit, another drive.
    """
    known = [look for look in looks if look.frame in odometer]
    by_track = by_odometer = 0.0
    for before, look in pairwise(known):
        if (driven_m := look.odometer_m - before.odometer_m) < BROKEN_M:
            by_track += driven_m
            by_odometer += odometer[look.frame] - odometer[before.frame]
    if not abs(by_odometer - by_track) <= AGREE * by_track:
        raise DriveError(
            f"the odometer says {by_odometer:.0f} m where the track says {by_track:.0f} m: give "
            "odometer_m in metres, growing, and of this drive."
        )
    return [replace(look, odometer_m=odometer[look.frame]) for look in known]


def told(found: Mended, *, way: str) -> dict[str, object]:
    """Return what an installer wants to read, rounded; each error with its figure."""
    before, after = found.known.camera, found.refined.camera
    return {
        "verdict": found.verdict.value,
        "metres_from": way,
        "damages_seen_again": found.damages,
        "pairs_of_views": found.refined.pairs,
        "pitch_before_deg": round(before.pitch_deg, 2),
        "pitch_after_deg": round(after.pitch_deg, 2),
        "pitch_error_deg": round(found.refined.pitch_error_deg, 2),
        "height_before_m": round(before.height_m, 3),
        "height_after_m": round(after.height_m, 3),
        "height_error_m": round(found.refined.height_error_m, 3),
        "apart_before_m": round(found.apart_before_m, 2),
        "apart_after_m": round(found.apart_after_m, 2),
    }


def mended_toml(found: Mended, told: dict[str, object], *, drive: str) -> str:
    """Write the mended camera.toml; everything but pitch and height stays."""
    after = found.refined.camera
    camera = replace(found.known.camera, pitch_deg=after.pitch_deg, height_m=after.height_m)
    source = (
        f"{found.known.source.split(MENDED)[0]}{MENDED} by {found.damages} damages seen again in "
        f"{drive} ({told['metres_from']}), {datetime.now(UTC).date().isoformat()}"
    )
    errors = {name: value for name, value in found.known.errors.items() if "road" not in name}
    errors["pitch_error_deg"] = round(found.refined.pitch_error_deg, 2)
    errors["height_error_m"] = round(found.refined.height_error_m, 3)
    return toml(camera, source, errors)


def _pose(frame: Frame, drive: Drive, settings: Settings) -> Pose | None:
    if frame.captured_at is None:
        return None
    trust = Trust(gap_s=settings.fix_gap_s, speed_kmh=settings.speed_limit_kmh)
    pose = locate(drive.track, frame.captured_at, trust=trust)
    return None if isinstance(pose, Refusal) else pose


def _picture(frame: Frame) -> NDArray[np.uint8] | None:
    try:
        picture = frame.open()
    except FrameUnusableError:
        return None
    return picture if quality.assess(picture) is None else None


def _sized(camera: Camera, picture: NDArray[np.uint8]) -> Camera:
    try:
        return camera.scaled_to(width_px=picture.shape[1], height_px=picture.shape[0])
    except ValueError as error:
        raise DriveError(f"{error}: give the camera file of this camera.") from error
