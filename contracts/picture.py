"""What the truck says about a masked picture before it sends it."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from contracts.units import Count, Pixels, Sha256, Share

Box = Annotated[list[Pixels], Meta(min_length=4, max_length=4, description="x1 y1 x2 y2 in pixels")]


class MaskReceipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people and vehicles were masked in one picture; without it no picture is accepted."""

    version: Literal[1] = 1
    picture_sha256: Sha256  # of the JPEG as it leaves the truck
    mask_model_sha256: Sha256
    mask_threshold: Share  # everything at or above it was masked
    masked: Count  # people and vehicles blacked out inside the crop
    crop: Box  # part of the camera frame that is sent
    damage: Box  # the damage inside the crop
