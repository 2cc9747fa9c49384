"""What the truck says about a masked picture before it sends it, and signs."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from contracts.units import Count, Pixels, Sha256, Share

Box = Annotated[list[Pixels], Meta(min_length=4, max_length=4, description="x1 y1 x2 y2 in pixels")]
PublicKey = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$", description="Ed25519, hexadecimal")]
Signature = Annotated[str, Meta(pattern=r"^[0-9a-f]{128}$", description="Ed25519, hexadecimal")]

PURPOSE = b"stadtwart mask receipt v1\n"  # a signature for this can be used for nothing else


class MaskReceipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How people and vehicles were masked in one picture; without it no picture is accepted.

    The device signs it: the city takes the picture only if the signature holds. A receipt
    without signature (of an older truck) lets its sighting in and keeps its picture out.
    """

    version: Literal[1] = 1
    picture_sha256: Sha256  # of the JPEG as it leaves the truck
    mask_model_sha256: Sha256
    mask_threshold: Share  # everything at or above it was masked
    masked: Count  # people and vehicles blacked out inside the crop
    crop: Box  # part of the camera frame that is sent
    damage: Box  # the damage inside the crop
    boxes: Annotated[list[Box], Meta(max_length=300)] = []  # blacked out, in camera pixels
    device_key: PublicKey | None = None
    signature: Signature | None = None


def signed_bytes(receipt: MaskReceipt) -> bytes:
    """Return what the device signs: everything but the signature, as JSON with sorted keys."""
    said: dict[str, Any] = msgspec.to_builtins(receipt)
    del said["signature"]
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return PURPOSE + text.encode()
