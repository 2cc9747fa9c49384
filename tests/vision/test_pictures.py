"""Pictures from a broken card, a stranger or an attacker are refused before they cost memory."""

from __future__ import annotations

import struct
import zlib
from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vision.runtime.pictures import BadPicture, BadPictureError, open_picture, size_of

FRAME = np.random.default_rng(1).integers(0, 255, (48, 64, 3)).astype(np.uint8)
JPEG = cv2.imencode(".jpg", FRAME)[1].tobytes()
PNG = cv2.imencode(".png", FRAME)[1].tobytes()


def why(data: bytes) -> BadPicture:
    with pytest.raises(BadPictureError) as caught:
        open_picture(data)
    return caught.value.why


def png_of(width_px: int, height_px: int) -> bytes:
    """Write a PNG's head that claims a size."""
    header = b"IHDR" + struct.pack(">IIBBBBB", width_px, height_px, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + header + struct.pack(">I", zlib.crc32(header))
    return b"\x89PNG\r\n\x1a\n" + chunk + struct.pack(">I", 0) + b"IEND\xaeB`\x82"


@pytest.mark.parametrize("data", [JPEG, PNG])
def test_an_ordinary_picture_is_opened(data: bytes) -> None:
    assert size_of(data) == (64, 48)
    assert open_picture(data).shape == (48, 64, 3)


@pytest.mark.parametrize(
    ("enough_width_px", "shape"),
    [(None, (48, 64, 3)), (33, (48, 64, 3)), (32, (24, 32, 3)), (16, (12, 16, 3)), (4, (6, 8, 3))],
)
def test_a_wide_picture_comes_at_the_smallest_size_that_is_wide_enough(
    enough_width_px: int | None, shape: tuple[int, int, int]
) -> None:
    assert open_picture(JPEG, enough_width_px=enough_width_px).shape == shape


def test_a_reduced_picture_shows_the_same_road() -> None:
    blocks = np.kron(FRAME[:6, :8], np.ones((32, 32, 1), np.uint8)).astype(np.uint8)
    data = cv2.imencode(".jpg", blocks, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
    reduced = open_picture(data, enough_width_px=128).astype(int)
    shrunk = cv2.resize(blocks, (128, 96), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(reduced - shrunk).mean() < 6


def test_a_picture_without_bytes_is_empty() -> None:
    assert why(b"") is BadPicture.EMPTY


@pytest.mark.parametrize("data", [b"<svg onload=x/>", b"GIF89a" + bytes(50), b"\0" * 100, b"BM"])
def test_other_formats_are_not_pictures(data: bytes) -> None:
    assert why(data) is BadPicture.NOT_A_PICTURE


def test_a_picture_of_20000_x_20000_is_refused_by_its_header() -> None:
    bomb = bytearray(JPEG)
    at = bomb.index(b"\xff\xc0")
    bomb[at + 5 : at + 9] = struct.pack(">HH", 20_000, 20_000)
    assert why(bytes(bomb)) is BadPicture.TOO_LARGE
    assert why(png_of(20_000, 20_000)) is BadPicture.TOO_LARGE
    assert why(png_of(4_000, 3_001)) is BadPicture.TOO_LARGE


@pytest.mark.parametrize("kept", [3, 20, 200, len(JPEG) // 2, len(JPEG) - 2])
def test_a_jpeg_that_was_cut_off_is_broken(kept: int) -> None:
    assert why(JPEG[:kept]) is BadPicture.BROKEN


@pytest.mark.parametrize("kept", [10, 30, len(PNG) // 2, len(PNG) - 8])
def test_a_png_that_was_cut_off_is_broken(kept: int) -> None:
    assert why(PNG[:kept]) is BadPicture.BROKEN


def test_a_png_without_pixels_is_broken() -> None:
    assert why(png_of(10, 10)) is BadPicture.BROKEN
    assert why(png_of(0, 10)) is BadPicture.BROKEN


@settings(max_examples=200)
@given(st.integers(0, len(JPEG) - 1), st.binary(min_size=1, max_size=8))
def test_a_damaged_card_never_stops_the_truck(at: int, noise: bytes) -> None:
    data = JPEG[:at] + noise + JPEG[at + len(noise) :]
    with suppress(BadPictureError):  # opened or refused by name, nothing else
        assert open_picture(data).ndim == 3
