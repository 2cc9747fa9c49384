"""What leaves the truck: the damage, and nobody who happened to be there."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from vision.runtime.detections import CLASSES, Detections
from vision.runtime.mask import LONGEST_PX, MaskedCrop, Withheld, masked_crop, road_top_px
from vision.runtime.pictures import open_picture

HEIGHT_PX, WIDTH_PX = 480, 640
DAMAGE = np.array([300, 350, 360, 390], np.float32)
PERSON, VEHICLE, POTHOLE = (CLASSES.index(name) for name in ("person", "vehicle", "D40"))


def white() -> NDArray[np.uint8]:
    return np.full((HEIGHT_PX, WIDTH_PX, 3), 255, np.uint8)


def seen(*found: tuple[int, float, tuple[float, float, float, float]]) -> Detections:
    return Detections(
        np.array([box for _, _, box in found], np.float32).reshape(-1, 4),
        np.array([score for _, score, _ in found], np.float32),
        np.array([kind for kind, _, _ in found], np.int64),
    )


def cut(
    detections: Detections, damage: NDArray[np.float32] = DAMAGE, *, top_px: int = 192
) -> MaskedCrop | Withheld:
    return masked_crop(white(), damage, detections, mask_threshold=0.1, road_top_px=top_px)


def picture_of(crop: MaskedCrop | Withheld) -> NDArray[np.uint8]:
    assert isinstance(crop, MaskedCrop)
    return open_picture(crop.jpeg)


def test_an_empty_road_gives_a_crop_around_the_damage() -> None:
    crop = cut(seen((POTHOLE, 0.9, (300, 350, 360, 390))))
    assert isinstance(crop, MaskedCrop)
    assert crop.masked == 0
    assert crop.crop == (236, 286, 424, 454)
    assert crop.damage == (64, 64, 124, 104)
    assert crop.sha256 == sha256(crop.jpeg).hexdigest()
    assert picture_of(crop).shape == (168, 188, 3)


@given(
    kind=st.sampled_from([PERSON, VEHICLE]),
    score=st.floats(0.1, 1),
    x=st.floats(200, 420),
    y=st.floats(250, 450),
    wide=st.floats(1, 30),
    tall=st.floats(1, 30),
)
def test_every_pixel_of_a_person_or_vehicle_in_the_crop_is_black(
    kind: int, score: float, x: float, y: float, wide: float, tall: float
) -> None:
    box = (x, y, x + wide, y + tall)
    crop = cut(seen((kind, score, box)))
    if isinstance(crop, Withheld):
        assert crop is Withheld.TOO_MUCH
        return
    picture = picture_of(crop)
    left, top, right, bottom = crop.crop
    inside = picture[
        max(0, int(box[1]) - top) : max(0, int(np.ceil(box[3])) - top),
        max(0, int(box[0]) - left) : max(0, int(np.ceil(box[2])) - left),
    ]
    assert inside.size == 0 or int(inside.max()) < 40  # JPEG leaves a trace of the edge
    reaches_in = x + wide > left and x < right and y + tall > top and y < bottom
    assert not reaches_in or crop.masked == 1


def test_a_person_below_the_threshold_is_not_masked_and_at_it_is() -> None:
    box = (280.0, 330.0, 290.0, 340.0)
    below, at = cut(seen((PERSON, 0.099, box))), cut(seen((PERSON, 0.1, box)))
    assert isinstance(below, MaskedCrop)
    assert isinstance(at, MaskedCrop)
    assert (below.masked, at.masked) == (0, 1)


def test_a_picture_mostly_of_traffic_is_withheld() -> None:
    assert cut(seen((VEHICLE, 0.5, (280, 320, 380, 400)))) is Withheld.TOO_MUCH


def test_a_damage_above_the_road_has_no_picture() -> None:
    damage = np.array([300, 50, 360, 90], np.float32)
    assert cut(seen(), damage) is Withheld.OFF_ROAD


def test_nothing_above_the_road_is_in_the_picture() -> None:
    crop = cut(seen(), np.array([300, 195, 360, 230], np.float32))
    assert isinstance(crop, MaskedCrop)
    assert crop.crop[1] == 192


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_detector_that_gives_no_numbers_gives_no_picture(bad: float) -> None:
    assert cut(seen((PERSON, bad, (1, 1, 2, 2)))) is Withheld.UNSURE
    assert cut(seen((PERSON, 0.5, (1, 1, bad, 2)))) is Withheld.UNSURE
    assert cut(seen(), np.array([300, 350, bad, 390], np.float32)) is Withheld.UNSURE


def test_a_detector_that_left_something_out_gives_no_picture() -> None:
    none = Detections.none()
    partial = Detections(none.boxes, none.scores, none.classes, is_complete=False)
    assert cut(partial) is Withheld.UNSURE


def test_a_large_damage_is_shrunk_and_still_marked() -> None:
    frame = np.full((2000, 3000, 3), 255, np.uint8)
    damage = np.array([500, 1000, 2500, 1800], np.float32)
    crop = masked_crop(frame, damage, seen(), mask_threshold=0.1, road_top_px=800)
    assert isinstance(crop, MaskedCrop)
    picture = picture_of(crop)
    assert max(picture.shape) == LONGEST_PX
    x1, y1, x2, y2 = crop.damage
    assert 0 <= x1 < x2 <= picture.shape[1]
    assert 0 <= y1 < y2 <= picture.shape[0]


def test_the_road_is_below_the_horizon_or_the_lower_part() -> None:
    assert road_top_px(height_px=400, horizon_px=None) == 160
    assert road_top_px(height_px=400, horizon_px=101.2) == 102
    assert road_top_px(height_px=400, horizon_px=-50) == 0
    assert road_top_px(height_px=400, horizon_px=900) == 400


def test_the_picture_carries_no_metadata() -> None:
    crop = cut(seen())
    assert isinstance(crop, MaskedCrop)
    assert b"Exif" not in crop.jpeg
    assert b"http" not in crop.jpeg


def test_a_plate_of_german_form_lies_on_its_vehicle() -> None:
    import sys
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[2] / "datasets"))
    from render_plates import place_on

    grey = np.full((400, 640, 3), 110, np.uint8)
    shown, (x1, y1, x2, y2) = place_on(grey, (200, 100, 400, 300), np.random.default_rng(1))
    assert (x2 - x1, y2 - y1) == (58, 12)
    assert 200 <= x1 < x2 <= 400
    assert 100 <= y1 < y2 <= 300
    outside = shown.copy()
    outside[y1:y2, x1:x2] = 110
    assert (outside == grey).all()
    assert shown[y1:y2, x1:x2].std() > 20
