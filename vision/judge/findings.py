"""What a second detector says of a picture, and the lines in which its process says it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

READY = b"ready\n"  # its first line: the models are loaded

Score = Annotated[float, Meta(ge=0, le=1)]


class Finding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A face or plate that it takes to be visible."""

    kind: Literal["face", "plate"]
    score: Score
    box: tuple[int, int, int, int]  # x1 y1 x2 y2 in pixels of the picture


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A picture to look at."""

    jpeg: bytes


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is seen in it; `is_readable` is false where it could not be decoded."""

    is_readable: bool
    findings: tuple[Finding, ...] = ()
