"""Training windows keep boxes on their objects. Needs the train extra."""

from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

from vision.training.fit.windows import cut, mirror
from vision.training.recipe import Crops

CROPS = Crops(416, 288, 416, 960)


def marked_frame() -> tuple[np.ndarray, np.ndarray]:
    """A grey frame with a white square, and the square's label row."""
    frame = np.full((400, 640, 3), 90, np.uint8)
    frame[200:240, 300:360] = 255
    return frame, np.array([[3, 300, 200, 360, 240]], np.float32)


@pytest.mark.parametrize("seed", range(20))
def test_the_label_stays_on_the_object(seed: int) -> None:
    random = np.random.default_rng(seed)
    frame, rows = marked_frame()
    window, left = cut(frame, rows, CROPS, random)
    assert window.shape == (288, 416, 3)
    window, left = mirror(window, left)
    for _, x1, y1, x2, y2 in left:
        inside = window[int(y1) + 3 : int(y2) - 3, int(x1) + 3 : int(x2) - 3]
        assert inside.size == 0 or inside.min() > 200
