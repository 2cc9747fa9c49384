"""A face drawn with ellipses, so that tests need no picture of a person; YuNet takes it for one."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray


def drawn_face(side_px: int) -> NDArray[np.uint8]:
    """Draw one in the middle of a grey square."""
    picture = np.full((side_px, side_px, 3), (190, 190, 185), np.uint8)
    middle = side_px // 2

    def px(share: float) -> int:
        return int(side_px * share)

    def oval(x: int, y: int, wide: float, tall: float, colour: tuple[int, int, int]) -> None:
        cv2.ellipse(picture, (x, y), (px(wide), px(tall)), 0, 0, 360, colour, -1)

    oval(middle, middle - px(0.22), 0.29, 0.2, (30, 40, 60))  # hair
    oval(middle, middle, 0.27, 0.36, (150, 180, 225))
    for side in (-1, 1):
        eye = (middle + side * px(0.11), middle - px(0.05))
        oval(*eye, 0.05, 0.025, (245, 245, 245))
        cv2.circle(picture, eye, max(1, px(0.022)), (40, 30, 20), -1)
        brow = (eye[0], eye[1] - px(0.055))
        cv2.ellipse(
            picture, brow, (px(0.065), px(0.02)), 0, 180, 360, (40, 50, 70), max(1, px(0.017))
        )
    oval(middle, middle + px(0.09), 0.04, 0.015, (100, 130, 180))  # nose
    oval(middle, middle + px(0.19), 0.09, 0.03, (90, 90, 190))  # mouth
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), side_px / 120), np.uint8)
