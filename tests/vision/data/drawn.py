"""A set with masks as Passos et al. lay it out, drawn here: the truth is known to the pixel."""

from __future__ import annotations

from collections.abc import Iterable
from zipfile import ZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

WIDTH_PX, HEIGHT_PX = 1024, 640
Stroke = tuple[int, int, int, int]  # x1 y1 x2 y2, the last pixel excluded


def mask(*strokes: Stroke) -> NDArray[np.bool_]:
    """Draw filled rectangles."""
    drawn = np.zeros((HEIGHT_PX, WIDTH_PX), bool)
    for x1, y1, x2, y2 in strokes:
        drawn[y1:y2, x1:x2] = True
    return drawn


def net(x: int, y: int, *, side_px: int, mesh_px: int) -> list[Stroke]:
    """Draw lines of a net, 4 px wide."""
    steps = range(0, side_px, mesh_px)
    return [(x + step, y, x + step + 4, y + side_px) for step in steps] + [
        (x, y + step, x + side_px, y + step + 4) for step in steps
    ]


def road(seed: int) -> NDArray[np.uint8]:
    """Draw asphalt under a sky: no two seeds look alike."""
    random = np.random.default_rng(seed)
    coarse = random.integers(30, 220, (10, 16, 3), np.uint8)
    return np.asarray(cv2.resize(coarse, (WIDTH_PX, HEIGHT_PX), interpolation=cv2.INTER_CUBIC))


def png(drawn: NDArray[np.bool_]) -> bytes:
    """Encode a mask as the publisher does: white on black, three equal channels."""
    grey = drawn.astype(np.uint8) * 255
    return cv2.imencode(".png", cv2.merge([grey] * 3))[1].tobytes()


def write_folder(
    file: ZipFile,
    stem: str,
    *,
    picture: NDArray[np.uint8],
    crack: Iterable[Stroke] = (),
    pothole: Iterable[Stroke] = (),
) -> None:
    """Write one picture's folder into an archive."""
    folder = f"Dataset/{stem}/{stem}"
    quality = [cv2.IMWRITE_JPEG_QUALITY, 90]
    file.writestr(f"{folder}_RAW.jpg", cv2.imencode(".jpg", picture, quality)[1].tobytes())
    file.writestr(f"{folder}_CRACK.png", png(mask(*crack)))
    file.writestr(f"{folder}_POTHOLE.png", png(mask(*pothole)))
    file.writestr(f"{folder}_LANE.png", png(mask((0, 200, WIDTH_PX, HEIGHT_PX))))
