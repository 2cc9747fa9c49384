"""Open a picture safely: its size is read from the header before anything is decoded."""

from __future__ import annotations

import struct
from enum import Enum

import cv2
import numpy as np
from numpy.typing import NDArray

MAX_PIXELS = 12_000_000  # 36 MB decoded; a 20,000 x 20,000 picture would be 1.2 GB
_REDUCED = {  # JPEG holds pictures of these sizes in itself: decoding them skips most of the work
    8: cv2.IMREAD_REDUCED_COLOR_8,
    4: cv2.IMREAD_REDUCED_COLOR_4,
    2: cv2.IMREAD_REDUCED_COLOR_2,
}
_FRAME_HEADERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG SOF markers
_BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length


class BadPicture(Enum):
    """Why a picture was not opened; the value is the counted reason."""

    EMPTY = "empty picture"  # no bytes at all
    NOT_A_PICTURE = "not a picture"  # neither JPEG nor PNG
    BROKEN = "broken picture"  # cut off or not decodable
    TOO_LARGE = "picture too large"  # more than `MAX_PIXELS`


class BadPictureError(Exception):
    """The picture cannot be used; `why` is the reason to count."""

    def __init__(self, why: BadPicture) -> None:
        super().__init__(why.value)
        self.why = why


def size_of(data: bytes) -> tuple[int, int]:
    """Read (width, height) in pixels from the header of a JPEG or PNG.

    Raises BadPictureError when there is no such header.
    """
    if not data:
        raise BadPictureError(BadPicture.EMPTY)
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png_size(data)
    if data.startswith(b"\xff\xd8"):
        return _jpeg_size(data)
    raise BadPictureError(BadPicture.NOT_A_PICTURE)


def open_picture(
    data: bytes, *, max_pixels: int = MAX_PIXELS, enough_width_px: int | None = None
) -> NDArray[np.uint8]:
    """Decode a JPEG or PNG to BGR `(h, w, 3)` after its size was found acceptable.

    With `enough_width_px` the picture comes at a half, quarter or eighth of its size where
    that is still so wide.

    Raises BadPictureError for an empty, cut off, oversized or foreign file.
    """
    width_px, height_px = size_of(data)
    if width_px * height_px > max_pixels:
        raise BadPictureError(BadPicture.TOO_LARGE)
    if min(width_px, height_px) < 1:
        raise BadPictureError(BadPicture.BROKEN)
    try:
        frame = cv2.imdecode(np.frombuffer(data, np.uint8), _how(width_px, enough_width_px))
    except cv2.error as error:
        raise BadPictureError(BadPicture.BROKEN) from error
    if frame is None:
        raise BadPictureError(BadPicture.BROKEN)
    return np.asarray(frame, np.uint8)


def _how(width_px: int, enough_width_px: int | None) -> int:
    """Choose OpenCV's flag for the smallest size that is wide enough."""
    for divisor, flag in _REDUCED.items():
        if enough_width_px is not None and width_px >= divisor * enough_width_px:
            return flag
    return cv2.IMREAD_COLOR


def _png_size(data: bytes) -> tuple[int, int]:
    if len(data) < 24 or data[12:16] != b"IHDR" or b"IEND" not in data[-16:]:
        raise BadPictureError(BadPicture.BROKEN)
    width_px, height_px = struct.unpack(">II", data[16:24])
    return int(width_px), int(height_px)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    """Walk the segments to the frame header, and see that the picture has an end.

    The decoder fills what is missing with grey and says nothing, so the end is asked for here.
    """
    size: tuple[int, int] | None = None
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE_MARKERS:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAME_HEADERS and at + 9 <= len(data):
            height_px, width_px = struct.unpack(">HH", data[at + 5 : at + 9])
            size = int(width_px), int(height_px)
        if marker == 0xDA:  # the scan begins: everything after it is pixels
            if size is None or data.find(b"\xff\xd9", at) < 0:
                break
            return size
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    raise BadPictureError(BadPicture.TOO_LARGE if size and _is_huge(size) else BadPicture.BROKEN)


def _is_huge(size: tuple[int, int]) -> bool:
    """Call a cut-off bomb by its size, the more useful of the two reasons."""
    return size[0] * size[1] > MAX_PIXELS
