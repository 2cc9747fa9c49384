"""A picture from outside made harmless: checked before decoding, then written anew. Pure bytes.

Re-encoding drops EXIF, comments, thumbnails and whatever hangs behind the end of the picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

MAX_PIXELS = 12_000_000
MAX_SCANS = 64  # progressive pictures have about ten; hundreds are made to burn processor time
QUALITY = 88  # keeps cracks; about the size that the truck sent
MAGIC = b"\xff\xd8\xff"
START_OF_SCAN = b"\xff\xda"


class UnusablePictureError(ValueError):
    """The bytes are no JPEG we take; the message says why."""


@dataclass(frozen=True, slots=True)
class Clean:
    """A picture as we keep it."""

    jpeg: bytes
    width_px: int
    height_px: int


def clean(data: bytes) -> Clean:
    """Decode and write a JPEG anew.

    The class is opened directly: Pillow's own `open` would try other formats and only warn
    of pictures that unfold to hundreds of megabytes.

    Raises UnusablePictureError for another format, too many pixels or scans, or a torn file.
    """
    if not data.startswith(MAGIC):
        raise UnusablePictureError("not a JPEG: it does not begin with FF D8 FF")
    if data.count(START_OF_SCAN) > MAX_SCANS:
        raise UnusablePictureError(f"more than {MAX_SCANS} scans: save it as an ordinary JPEG")
    try:
        picture = JpegImageFile(BytesIO(data))
        _require_modest(picture)
        return _rewritten(picture)
    except (OSError, ValueError, SyntaxError, TypeError, IndexError, OverflowError) as error:
        if isinstance(error, UnusablePictureError):
            raise
        raise UnusablePictureError("the JPEG is broken or cut off") from error


def _require_modest(picture: JpegImageFile) -> None:
    width_px, height_px = picture.size
    if width_px * height_px > MAX_PIXELS:
        raise UnusablePictureError(
            f"{width_px} × {height_px} pixels are more than {MAX_PIXELS}: send a smaller crop"
        )
    if min(picture.size) < 1:
        raise UnusablePictureError("the picture has no pixels")


def _rewritten(picture: JpegImageFile) -> Clean:
    bare = Image.new("RGB", picture.size)  # a new one: `convert` and `save` keep the comment
    bare.paste(picture.convert("RGB"))
    file = BytesIO()
    bare.save(file, "JPEG", quality=QUALITY)
    return Clean(file.getvalue(), *bare.size)
