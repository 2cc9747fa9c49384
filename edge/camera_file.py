"""camera.toml: how the camera stands, where that comes from, and how far it can be trusted.

Reading refuses a camera that cannot stand on a truck; writing keeps the file before beside it.
"""

from __future__ import annotations

import glob
import json
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta

from edge.errors import DriveError
from vision.runtime.ground import FURTHEST_M, Camera, horizon_px, spot_of

Error = Annotated[float, Meta(ge=0)]
HEIGHT_ERROR_M = 0.1  # where the file does not say; a tape measure up to a windscreen

BOUNDS = {
    "width_px": (16, 20_000, "the width of the camera's pictures in pixels"),
    "height_px": (16, 20_000, "the height of the camera's pictures in pixels"),
    "height_m": (0.3, 4.5, "metres above the road, not centimetres; no truck is higher than 4 m"),
    "pitch_deg": (-30, 60, "degrees, positive downwards"),
    "forward_m": (-20, 20, "metres ahead of the GPS antenna"),
    "k1": (-1, 1, "radial distortion as OpenCV gives it; 0 where it is not known"),
    "k2": (-1, 1, "radial distortion as OpenCV gives it; 0 where it is not known"),
}


class CameraFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The table [camera] of camera.toml; lengths in pixels of its own picture size."""

    width_px: int
    height_px: int
    focal_px: float
    centre_x_px: float
    centre_y_px: float
    height_m: float
    pitch_deg: float
    forward_m: float = 0.0
    k1: float = 0.0  # radial distortion of the lens
    k2: float = 0.0
    source: str  # where the figures come from


@dataclass(frozen=True, slots=True)
class Known:
    """A calibrated camera and what its file says about it."""

    camera: Camera
    source: str
    errors: dict[str, float]  # 68 %, by name with unit

    @property
    def height_error_m(self) -> float:
        """How well the height is known without a drive."""
        return self.errors.get("height_error_m", HEIGHT_ERROR_M) or HEIGHT_ERROR_M


def read_camera(path: Path) -> Camera | None:
    """Read camera.toml; None where there is no such file: the camera is not calibrated.

    Raises DriveError for a file that is not one, or whose camera cannot be.
    """
    return read_known(path).camera if path.is_file() else None


def read_known(path: Path) -> Known:
    """Read camera.toml with its source and errors.

    Raises DriveError with the value and the remedy.
    """
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DriveError(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DriveError(f"{path} is no TOML: {error}.") from error
    if not isinstance(tables.get("camera"), dict):
        raise DriveError(f"{path} has no table [camera]: write it with stadtwart edge calibrate.")
    try:
        found = msgspec.convert(tables["camera"], CameraFile)
        errors = msgspec.convert(tables.get("errors", {}), dict[str, Error])
    except msgspec.ValidationError as error:
        raise DriveError(f"{path}: {error}. See docs/edge.md for its fields.") from error
    figures = msgspec.structs.asdict(found)
    source = figures.pop("source")
    impossible = what_is_impossible(camera := Camera(**figures))
    if impossible:
        raise DriveError(f"{path}: {impossible} Mend it, or run stadtwart edge calibrate again.")
    return Known(camera, source, errors)


def what_is_impossible(camera: Camera) -> str:
    """Say what no camera on a truck can be, with the value and what is meant; else nothing."""
    for name, (least, most, meant) in BOUNDS.items():
        value = getattr(camera, name)
        if not least <= value <= most:  # also catches NaN
            return f"{name} = {value} is not within {least} to {most}: give {meant}."
    if not 0.2 <= camera.focal_px / camera.width_px <= 10:
        return (
            f"focal_px = {camera.focal_px} is no focal length for pictures {camera.width_px} px "
            f"wide: give it in pixels, {0.2 * camera.width_px:.0f} to {10 * camera.width_px}; an "
            f"ordinary dashcam has about {0.9 * camera.width_px:.0f}."
        )
    for name, side_px in (("centre_x_px", camera.width_px), ("centre_y_px", camera.height_px)):
        value = getattr(camera, name)
        if not 0 <= value <= side_px:
            return (
                f"{name} = {value} lies outside the picture of {camera.width_px} x "
                f"{camera.height_px} px: give about {side_px / 2:.0f}, its middle."
            )
    nearest = spot_of(camera, x_px=camera.centre_x_px, y_px=camera.height_px)
    if nearest is None:
        return (
            f"pitch_deg = {camera.pitch_deg} and height_m = {camera.height_m} show no road within "
            f"{FURTHEST_M:.0f} m: the horizon would lie in row {horizon_px(camera):.0f} of "
            f"{camera.height_px}. The pitch is positive downwards."
        )
    return ""


def toml(camera: Camera, source: str, errors: dict[str, float]) -> str:
    """Write the text of camera.toml: the camera, and beside it how far it can be trusted."""
    shown = replace(
        camera,
        focal_px=round(camera.focal_px, 2),
        height_m=round(camera.height_m, 3),
        pitch_deg=round(camera.pitch_deg, 3),
    )
    rows = [f"{one.name} = {getattr(shown, one.name)}" for one in fields(Camera)]
    rows.append(f"source = {json.dumps(source, ensure_ascii=False)}")
    told = [f"{name} = {value}" for name, value in errors.items()]
    return "\n".join(["[camera]", *rows, "", "[errors]  # 68 %", *told]) + "\n"


def replace_file(path: Path, text: str) -> Path | None:
    """Write the file; return where the one before lies now, None where there was none.

    Raises DriveError when nothing can be written.
    """
    kept = None
    try:
        if path.exists():
            there = kept_files(path)
            kept = _kept(path, _number(there[-1]) + 1 if there else 1)
            kept.write_bytes(path.read_bytes())
        new = path.with_name(f".{path.name}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(path)
    except OSError as error:
        raise DriveError(
            f"{path} cannot be written: {error.strerror}. Name a file in a folder you may write to."
        ) from error
    return kept


def put_back(path: Path) -> Path:
    """Undo the last `replace_file`; return the file that was put back.

    Raises DriveError where there is none.
    """
    there = kept_files(path)
    if not there:
        raise DriveError(f"no {_kept(path, 1)} lies beside {path.name}: nothing to put back.")
    there[-1].replace(path)
    return there[-1]


def kept_files(path: Path) -> list[Path]:
    """Return the files that `replace_file` kept, oldest first."""
    there = path.parent.glob(f"{glob.escape(path.name)}.before-*")
    return sorted((one for one in there if one.suffix[len(".before-") :].isdigit()), key=_number)


def _kept(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.before-{number}")


def _number(kept: Path) -> int:
    return int(kept.suffix[len(".before-") :])
