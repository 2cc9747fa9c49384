"""How a truck introduces its key to the city, once, with a code a person gave it."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from contracts.picture import PublicKey, Signature
from contracts.units import DeviceId

PURPOSE = b"stadtwart device enrolment v1\n"  # a signature for this can be used for nothing else
Code = Annotated[
    str, Meta(pattern=r"^[A-Z2-7]{4}(-[A-Z2-7]{4}){4}$", description="one-time code, 100 bits")
]


class Enrolment(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code, and proof that the sender holds the private half of the key."""

    version: Literal[1] = 1
    device_id: DeviceId
    code: Code
    public_key: PublicKey
    signature: Signature


class EnrolmentReceipt(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The city knows the key; the token lets the truck upload."""

    version: Literal[1] = 1
    device_id: DeviceId
    public_key: PublicKey
    vehicle_token: Annotated[str, Meta(min_length=1, max_length=500)]


def enrolment_bytes(*, device_id: str, code: str, public_key: str) -> bytes:
    """Return what the device signs, as JSON with sorted keys."""
    said: dict[str, Any] = {"device_id": device_id, "code": code, "public_key": public_key}
    return PURPOSE + json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
