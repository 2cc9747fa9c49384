"""Put number plates of German form on vehicles in road pictures, to see whether masking hides them.

`python datasets/render_plates.py --picture ROAD.jpg --box X1 Y1 X2 Y2 --out PLATED.jpg` puts one on
the vehicle in the box. The letters are OpenCV's, not the official script; the numbers are invented.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Corners = tuple[int, int, int, int]

PLATE_MM = (520, 110)
VEHICLE_WIDTH_MM = 1800  # an ordinary car; the plate takes 29 % of its width
HEIGHT_SHARE = 0.72  # of the vehicle's box, from above, where the plate's middle hangs
DISTRICTS = ("HAL", "L", "MD", "SK", "B", "DD", "ASL", "WI")


def plate(random: np.random.Generator) -> Picture:
    """Draw one plate in 520 x 110 pixels: white, black letters, the blue strip on the left."""
    letters = "".join(chr(65 + int(number)) for number in random.integers(0, 26, 2))
    text = f"{random.choice(DISTRICTS)} {letters} {random.integers(10, 9999)}"
    face = np.full((*PLATE_MM[::-1], 3), 245, np.uint8)
    cv2.rectangle(face, (0, 0), (PLATE_MM[0] - 1, PLATE_MM[1] - 1), (20, 20, 20), 4)
    cv2.rectangle(face, (4, 4), (44, PLATE_MM[1] - 5), (160, 60, 10), -1)
    cv2.putText(face, "D", (12, 98), cv2.FONT_HERSHEY_DUPLEX, 0.9, (250, 250, 250), 2)
    (width_px, _), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 2.6, 6)
    scale = 2.6 * min(1.0, 440 / width_px)
    cv2.putText(face, text, (60, 84), cv2.FONT_HERSHEY_DUPLEX, scale, (15, 15, 15), 6)
    return face


def place_on(
    picture: Picture, vehicle: tuple[float, float, float, float], random: np.random.Generator
) -> tuple[Picture, Corners]:
    """Return the picture with a plate on the vehicle x1 y1 x2 y2, and the box of the plate."""
    x1, y1, x2, y2 = vehicle
    width_px = max(4, round((x2 - x1) * PLATE_MM[0] / VEHICLE_WIDTH_MM))
    height_px = max(2, round(width_px * PLATE_MM[1] / PLATE_MM[0]))
    left = round((x1 + x2) / 2 - width_px / 2)
    top = round(y1 + (y2 - y1) * HEIGHT_SHARE - height_px / 2)
    left = int(np.clip(left, 0, picture.shape[1] - width_px))
    top = int(np.clip(top, 0, picture.shape[0] - height_px))
    small = cv2.resize(plate(random), (width_px, height_px), interpolation=cv2.INTER_AREA)
    shown = picture.copy()
    near = picture[top : top + height_px, left : left + width_px]
    light = float(np.clip(near.mean() / 140, 0.35, 1.1))
    shown[top : top + height_px, left : left + width_px] = np.clip(small * light, 0, 255)
    return shown, (left, top, left + width_px, top + height_px)


def main() -> None:
    """Write one picture with a plate."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--picture", type=Path, required=True)
    parser.add_argument("--box", type=float, nargs=4, required=True, metavar="PX")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    picture = cv2.imread(str(given.picture))
    if picture is None:
        raise SystemExit(f"{given.picture} is not a readable picture")
    x1, y1, x2, y2 = given.box
    random = np.random.default_rng(given.seed)
    shown, _ = place_on(np.asarray(picture, np.uint8), (x1, y1, x2, y2), random)
    cv2.imwrite(str(given.out), shown)


if __name__ == "__main__":
    main()
