"""A made-up street: straight north at 8 m/s, potholes at known places, drawn as red squares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from contracts.coverage import Street, StreetMap
from edge.local_plane import Place, place_ahead
from vision.runtime.ground import Camera, horizon_px, spot_of

START = datetime(2026, 5, 12, 6, 30, tzinfo=UTC)
BEGIN = Place(11.97, 51.48)
SPEED_M_S = 8.0
FRAME_S = 0.5  # one frame every 4 m
CELL_PX = 32  # of the frame; the tiny network looks at cells of this size
CAMERA = Camera(640, 384, 500, 320, 192, height_m=2.5, pitch_deg=20, forward_m=1.0)
POTHOLES_M = (30.0, 47.0, 70.0, 100.0, 121.0)  # along the street
RED, BLUE, GREEN = (0, 0, 255), (255, 0, 0), (0, 255, 0)


def place_at(along_m: float) -> Place:
    """Return the place so many metres up the street."""
    return place_ahead(BEGIN, heading_deg=0, ahead_m=along_m, right_m=0)


def road(seed: int = 7) -> NDArray[np.uint8]:
    """Draw an empty road: grey and rough, as asphalt is; a smooth one counts as out of focus."""
    grain = np.random.default_rng(seed).integers(-3, 4, (CAMERA.height_px, CAMERA.width_px, 1))
    return (np.full((CAMERA.height_px, CAMERA.width_px, 3), 102) + grain).astype(np.uint8)


def paint(frame: NDArray[np.uint8], colour: tuple[int, int, int], *, x_px: int, y_px: int) -> None:
    """Fill the cell around a pixel."""
    left, top = x_px // CELL_PX * CELL_PX, y_px // CELL_PX * CELL_PX
    frame[top : top + CELL_PX, left : left + CELL_PX] = colour


def row_of(ahead_m: float) -> int | None:
    """Return the picture's row in which the road is so far ahead, if it is in view."""
    for y_px in range(int(horizon_px(CAMERA)) + 1, CAMERA.height_px):
        spot = spot_of(CAMERA, x_px=320, y_px=y_px, furthest_m=60)
        if spot is not None and spot.ahead_m <= ahead_m:
            return y_px
    return None


def view_from(along_m: float, potholes_m: Sequence[float] = POTHOLES_M) -> NDArray[np.uint8]:
    """Draw what the camera sees from there; potholes from 3 to 14 m ahead are red."""
    frame = road(seed=round(along_m * 10))  # no two pictures of a street are the same
    for pothole_m in potholes_m:
        ahead_m = pothole_m - along_m - CAMERA.forward_m
        row = row_of(ahead_m) if 3.3 < ahead_m < 14 else None
        if row is not None:
            paint(frame, RED, x_px=320, y_px=row)
    return frame


def jpeg(frame: NDArray[np.uint8]) -> bytes:
    """Write a frame as JPEG."""
    return bytes(cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes())


def write_drive(
    folder: Path,
    *,
    seconds: int = 20,
    potholes_m: Sequence[float] = POTHOLES_M,
    is_calibrated: bool = True,
    start: datetime = START,
) -> Path:
    """Write a drive folder: pictures, their times, a GPX of one fix per second, the camera."""
    frames = folder / "frames"
    frames.mkdir(parents=True, exist_ok=True)
    lines = ["frame,captured_at"]
    for index in range(int(seconds / FRAME_S)):
        at = start + timedelta(seconds=index * FRAME_S)
        name = f"{index:05d}.jpg"
        (frames / name).write_bytes(jpeg(view_from(index * FRAME_S * SPEED_M_S, potholes_m)))
        lines.append(f"{name},{at.isoformat()}")
    (folder / "frames.csv").write_text("\n".join(lines) + "\n")
    write_gpx(folder / "track.gpx", seconds=seconds, start=start)
    if is_calibrated:
        (folder / "camera.toml").write_text(camera_toml())
    return folder


def camera_toml() -> str:
    """Write the camera's figures."""
    return (
        "[camera]\nwidth_px = 640\nheight_px = 384\nfocal_px = 500\ncentre_x_px = 320\n"
        "centre_y_px = 192\nheight_m = 2.5\npitch_deg = 20\nforward_m = 1.0\n"
        'source = "made up"\n'
    )


def street_map(*crossings_m: float, time_zone: str = "Europe/Berlin") -> bytes:
    """Return the city's map of the street: a segment up to each crossing, the first from 0 m."""
    edges = [0.0, *crossings_m]
    ends = [place_at(along_m) for along_m in edges]
    streets = [
        Street(
            segment_id=f"s{number}",
            points=[(one.longitude_deg, one.latitude_deg) for one in ends[number : number + 2]],
        )
        for number in range(len(crossings_m))
    ]
    return msgspec.json.encode(StreetMap(time_zone=time_zone, streets=streets))


def write_gpx(path: Path, *, seconds: int, start: datetime = START) -> None:
    """Write one fix per second up the street."""
    points = []
    for second in range(seconds + 1):
        place = place_at(second * SPEED_M_S)
        at = (start + timedelta(seconds=second)).isoformat()
        points.append(
            f'<trkpt lat="{place.latitude_deg:.9f}" lon="{place.longitude_deg:.9f}">'
            f"<time>{at}</time></trkpt>"
        )
    path.write_text(gpx("".join(points)))


def gpx(points: str) -> str:
    """Wrap track points."""
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="test" '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{points}</trkseg></trk></gpx>'
    )
