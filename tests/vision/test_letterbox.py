"""A box survives the way into the network and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from vision.runtime.letterbox import fit, letterbox

SIDES = st.integers(1, 5000)


@given(
    boxes=hnp.arrays(
        np.float32, st.tuples(st.integers(0, 5), st.just(4)), elements=st.floats(0, 5000, width=32)
    ),
    width_px=SIDES,
    height_px=SIDES,
)
def test_a_box_survives_there_and_back(
    boxes: np.ndarray[tuple[int, int], np.dtype[np.float32]], width_px: int, height_px: int
) -> None:
    box = fit(frame_width_px=width_px, frame_height_px=height_px, width_px=640, height_px=384)
    np.testing.assert_allclose(box.to_frame(box.to_model(boxes)), boxes, atol=0.02 / box.scale)


def test_no_boxes_stay_no_boxes() -> None:
    box = fit(frame_width_px=640, frame_height_px=400, width_px=640, height_px=384)
    assert box.to_frame(np.zeros((0, 4), np.float32)).shape == (0, 4)


def test_boxes_of_another_shape_are_refused() -> None:
    box = fit(frame_width_px=640, frame_height_px=400, width_px=640, height_px=384)
    with pytest.raises(ValueError, match=r"\(n, 4\)"):
        box.to_frame(np.zeros((4,), np.float32))


def test_a_wide_frame_is_centred_with_grey_above_and_below() -> None:
    frame = np.full((100, 400, 3), 255, np.uint8)
    blob, box = letterbox(frame, width_px=640, height_px=384)
    assert blob.shape == (1, 3, 384, 640)
    assert (box.left_px, box.top_px) == (0, 112)
    assert blob[0, 0, 0, 0] == pytest.approx(114 / 255)
    assert blob[0, 0, 192, 320] == pytest.approx(1.0)


def test_blue_and_red_are_swapped_for_the_network() -> None:
    blue = np.zeros((384, 640, 3), np.uint8)
    blue[:, :, 0] = 255
    blob, _ = letterbox(blue, width_px=640, height_px=384)
    assert blob[0, :, 10, 10].tolist() == [0.0, 0.0, 1.0]
