"""The messages refuse what has gone wrong before: swapped axes, percent, naive times."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from jsonschema import Draft202012Validator

from contracts import schemas
from contracts.batch import MAX_SIGHTINGS, Batch
from contracts.heartbeat import Heartbeat
from contracts.sighting import Sighting

SHA = "a" * 64


def sighting(**changes: Any) -> dict[str, Any]:
    good: dict[str, Any] = {
        "sighting_id": str(uuid4()),
        "seen_at": "2026-05-12T06:30:00Z",
        "longitude_deg": 11.97,
        "latitude_deg": 51.48,
        "position_error_m": 3.5,
        "damage_class": "D40",
        "confidence": 0.6,
        "frames": 2,
        "model_sha256": SHA,
    }
    return good | changes


def batch(count: int) -> bytes:
    return json.dumps(
        {
            "batch_id": str(uuid4()),
            "device_id": "truck-7",
            "sent_at": "2026-05-12T07:00:00Z",
            "sightings": [sighting() for _ in range(count)],
        }
    ).encode()


def heartbeat(**changes: Any) -> bytes:
    good = {
        "heartbeat_id": str(uuid4()),
        "device_id": "truck-7",
        "sent_at": "2026-05-12T07:00:00Z",
        "software_version": "0.1.0",
        "model_sha256": SHA,
        "frames_seen": 10,
        "frames_assessed": 7,
        "frames_dropped": {"too close": 2, "no fix": 1},
        "sightings": 1,
        "pictures_withheld": {},
        "spool_waiting": 1,
        "spool_parked": 0,
    }
    return json.dumps(good | changes).encode()


def test_a_sighting_survives_the_way_to_the_city_and_back() -> None:
    seen = msgspec.json.decode(json.dumps(sighting()), type=Sighting)
    assert msgspec.json.decode(msgspec.json.encode(seen), type=Sighting) == seen


@pytest.mark.parametrize(
    "change",
    [
        {"longitude_deg": 51.48, "latitude_deg": 11.97},
        {"longitude_deg": 0.0, "latitude_deg": 0.0},
        {"confidence": 60},
        {"seen_at": "2026-05-12T06:30:00"},
        {"position_error_m": -1},
        {"damage_class": "D50"},
        {"model_sha256": "abc"},
        {"driver": "Frau Beispiel"},
        {"frames": 1.5},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_sighting_with_a_plain_mistake_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(json.dumps(sighting(**change)), type=Sighting)


def test_a_batch_holds_at_least_one_and_at_most_500_sightings() -> None:
    assert len(msgspec.json.decode(batch(MAX_SIGHTINGS), type=Batch).sightings) == MAX_SIGHTINGS
    for count in (0, MAX_SIGHTINGS + 1):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(batch(count), type=Batch)


def test_a_heartbeat_whose_counts_do_not_add_up_is_refused() -> None:
    assert msgspec.json.decode(heartbeat(), type=Heartbeat).frames_seen == 10
    with pytest.raises(msgspec.ValidationError, match="accounted for"):
        msgspec.json.decode(heartbeat(frames_seen=11), type=Heartbeat)


def test_no_message_of_a_truck_can_carry_a_track() -> None:
    """A heartbeat has no place, and a sighting has one place: that of the damage."""
    assert not {"longitude_deg", "latitude_deg", "track", "positions"} & set(
        Heartbeat.__struct_fields__
    )
    assert not {"track", "positions", "fixes"} & set(Sighting.__struct_fields__)


@pytest.mark.parametrize("name", sorted(schemas.MESSAGES))
def test_the_schema_file_says_what_the_code_says(name: str) -> None:
    kept = (schemas.FOLDER / f"{name}.schema.json").read_text(encoding="utf-8")
    assert kept == schemas.text(schemas.MESSAGES[name]), "run python -m contracts.schemas"
    Draft202012Validator.check_schema(json.loads(kept))


def test_an_independent_validator_agrees_about_good_and_bad_sightings() -> None:
    reader = Draft202012Validator(schemas.schema(Sighting))
    assert reader.is_valid(sighting())
    assert not reader.is_valid(sighting(confidence=60))
    assert not reader.is_valid(sighting(driver="Frau Beispiel"))
