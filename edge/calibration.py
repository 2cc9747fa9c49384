"""`stadtwart edge calibrate`: camera.toml from four corners of a known rectangle on the road."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.camera_file import replace_file, toml, what_is_impossible
from edge.errors import SettingsError
from edge.sources import FrameUnusableError
from vision.runtime.calibrate import Calibration, CalibrationError, calibrate, grid
from vision.runtime.ground import Camera
from vision.runtime.pictures import BadPictureError, open_picture

GRID_COLOUR, CORNER_COLOUR = (80, 220, 255), (0, 0, 255)


class NotCalibratedError(SettingsError):
    """These corners and sides give no camera; `problem` and `values` say it for the page."""

    def __init__(self, problem: str, says: str, values: dict[str, float]) -> None:
        super().__init__(f"not calibrated: {says}")
        self.problem = problem
        self.values = {name: round(value, 2) for name, value in values.items()}


@dataclass(frozen=True, slots=True)
class Job:
    """What is calibrated: a picture of the mounted camera, and where the result goes."""

    picture: Path
    out: Path
    forward_m: float
    focal_px: float | None

    def frame(self) -> NDArray[np.uint8]:
        """Open the picture.

        Raises SettingsError when it is none.
        """
        try:
            return open_picture(self.picture.read_bytes())
        except (OSError, BadPictureError, FrameUnusableError) as error:
            raise SettingsError(
                f"{self.picture} cannot be used: {error}. Name a picture of the mounted camera."
            ) from error

    def solve(self, points: list[tuple[float, float]], size_m: tuple[float, float]) -> Calibration:
        """Fit the camera; raises NotCalibratedError with the remedy."""
        height_px, width_px = self.frame().shape[:2]
        try:
            found = calibrate(
                points,
                rectangle_m=size_m,
                picture_px=(width_px, height_px),
                focal_px=self.focal_px,
                forward_m=self.forward_m,
            )
        except CalibrationError as error:
            raise NotCalibratedError(error.problem, f"{error}.", error.values) from error
        camera = found.camera
        impossible = what_is_impossible(camera)
        if impossible:
            says = f"{impossible} Are the sides in metres, and the corners on the road?"
            values = {name: getattr(camera, name) for name in ("height_m", "pitch_deg", "focal_px")}
            raise NotCalibratedError("camera", says, values)
        return found

    def write(self, found: Calibration, size_m: tuple[float, float]) -> Path | None:
        """Write camera.toml; return where a file before lies now."""
        return replace_file(self.out, text_of(found, size_m, self.picture.name))


def read_size(text: str) -> tuple[float, float]:
    """Read WIDTHxLENGTH in metres, for example 2.5x5.

    Raises SettingsError for anything else.
    """
    parts = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)", text.strip())
    if parts is None:
        raise SettingsError(f"--size {text!r}: give width across x length along, such as 2.5x5.")
    return float(parts[1]), float(parts[2])


def read_points(texts: list[str]) -> list[tuple[float, float]]:
    """Read corners such as 412,655.

    Raises SettingsError for anything else.
    """
    points = []
    for text in texts:
        parts = re.fullmatch(r"(\d+(?:\.\d+)?),(\d+(?:\.\d+)?)", text.strip())
        if parts is None:
            raise SettingsError(f"--points {text!r}: give each corner as x,y in pixels.")
        points.append((float(parts[1]), float(parts[2])))
    return points


def figures(found: Calibration) -> dict[str, float]:
    """Return what an installer wants to read, rounded."""
    camera = found.camera
    return {
        "focal_px": round(camera.focal_px, 1),
        "focal_error_px": round(found.focal_error_px, 1),
        "height_m": round(camera.height_m, 3),
        "height_error_m": round(found.height_error_m, 3),
        "pitch_deg": round(camera.pitch_deg, 2),
        "pitch_error_deg": round(found.pitch_error_deg, 2),
        "residual_px": round(found.residual_px, 2),
        "road_error_10_m_ahead_m": round(found.road_error_m, 2),
        "rectangle_turned_deg": round(found.turned_deg, 1),
    }


def text_of(found: Calibration, size_m: tuple[float, float], picture: str) -> str:
    """Write the text of camera.toml."""
    day = datetime.now(UTC).date().isoformat()
    source = f"four corners of {size_m[0]} x {size_m[1]} m in {picture}, {day}"
    errors = {name: value for name, value in figures(found).items() if "error" in name}
    return toml(found.camera, source, errors)


def draw(
    picture: NDArray[np.uint8], camera: Camera, points: list[tuple[float, float]]
) -> NDArray[np.uint8]:
    """Return the picture with a one-metre grid on the road and the corners."""
    shown = picture.copy()
    for line in grid(camera):
        cv2.polylines(shown, [np.array(line, np.int32)], False, GRID_COLOUR, 1, cv2.LINE_AA)
    for x_px, y_px in points:
        cv2.circle(shown, (round(x_px), round(y_px)), 6, CORNER_COLOUR, 2, cv2.LINE_AA)
    return shown
