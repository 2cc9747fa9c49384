"""Sightings, batches and pictures as a truck would make them, for tests."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import uuid4

import msgspec
from PIL import Image

from contracts.picture import MaskReceipt
from edge.device_key import key_from
from tests.small_city import CENTRE

MODEL = sha256(b"model").hexdigest()
MASK_MODEL = sha256(b"mask model").hexdigest()
TRUCK_KEY = key_from(b"the key of a truck in the tests!")
SEEN_AT = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)
METRE_NORTH_DEG = 1 / 111_250  # at 51.5° north, good to a thousandth


def sighting(**changes: Any) -> dict[str, Any]:
    """Return one pothole in the middle of the small city as JSON would carry it."""
    return {
        "sighting_id": str(uuid4()),
        "seen_at": SEEN_AT.isoformat(),
        "longitude_deg": CENTRE[0],
        "latitude_deg": CENTRE[1],
        "position_error_m": 2.5,
        "damage_class": "D40",
        "confidence": 0.7,
        "frames": 3,
        "model_sha256": MODEL,
        "simulated": True,
        **changes,
    }


def moved(north_m: float, **changes: Any) -> dict[str, Any]:
    """Return a pothole some metres north of the city's middle."""
    return sighting(latitude_deg=CENTRE[1] + north_m * METRE_NORTH_DEG, **changes)


def batch(*sightings: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return a batch of sightings; one pothole when none is named."""
    return {
        "batch_id": str(uuid4()),
        "device_id": "truck-1",
        "sent_at": SEEN_AT.isoformat(),
        "sightings": list(sightings) or [sighting()],
        **changes,
    }


def jpeg(width_px: int = 64, height_px: int = 48, colour: str = "grey", **options: Any) -> bytes:
    """Return a small JPEG."""
    file = BytesIO()
    Image.new("RGB", (width_px, height_px), colour).save(file, "JPEG", **options)
    return file.getvalue()


def mask_receipt(picture: bytes) -> dict[str, Any]:
    """Return the receipt a truck sends for a masked picture, signed."""
    bare = {
        "picture_sha256": sha256(picture).hexdigest(),
        "mask_model_sha256": MASK_MODEL,
        "mask_threshold": 0.1,
        "masked": 0,
        "crop": [0, 0, 64, 48],
        "damage": [10, 10, 40, 30],
    }
    signed = TRUCK_KEY.sign(msgspec.convert(bare, MaskReceipt))
    return dict(msgspec.to_builtins(signed))


def heartbeat(**changes: Any) -> dict[str, Any]:
    """Return a heartbeat whose counts add up."""
    return {
        "heartbeat_id": str(uuid4()),
        "device_id": "truck-1",
        "sent_at": SEEN_AT.isoformat(),
        "software_version": "0.1.0",
        "model_sha256": MODEL,
        "frames_seen": 10,
        "frames_assessed": 8,
        "frames_dropped": {"no position": 2},
        "sightings": 1,
        "pictures_withheld": {},
        "spool_waiting": 0,
        "spool_parked": 0,
        **changes,
    }
