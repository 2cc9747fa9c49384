"""Whatever a broken truck or a stranger sends: a clear problem, never a 500, nothing stored."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.messages import batch, heartbeat, mask_receipt, moved, sighting
from tests.serving import CityServer

WRONG_SIGHTINGS: dict[str, dict[str, Any]] = {
    "axes swapped": {"longitude_deg": 51.48, "latitude_deg": 11.97},
    "position at 0/0": {"longitude_deg": 0, "latitude_deg": 0},
    "unknown field": {"speed_kmh": 30},
    "percent for a share": {"confidence": 70},
    "negative error": {"position_error_m": -1},
    "time without a zone": {"seen_at": "2026-05-04T08:30:00"},
    "time that is none": {"seen_at": "yesterday"},
    "class that is none": {"damage_class": "D99"},
    "id that is none": {"sighting_id": "1"},
    "text for a number": {"confidence": "0.7"},
    "a huge count": {"frames": 2**31},
    "heading of a full circle": {"heading_deg": 360},
    "hash in capitals": {"model_sha256": "A" * 64},
    "a version to come": {"version": 2},
    "a receipt without a hash": {"picture": {"version": 1}},
    "a null where none may be": {"confidence": None},
}
WRONG_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "a list": b"[]",
    "null": b"null",
    "not UTF-8": b'{"device_id": "\xff"}',
    "deep nesting": b"[" * 100_000,
    "NaN": b'{"sent_at": NaN}',
}


def is_problem(answer: Any, status: int) -> None:
    """Check that an answer is a complete problem document of this status."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "instance"}
    assert body["status"] == status
    assert "Traceback" not in answer.text


@pytest.fixture
def untouched(city: CityServer) -> Any:
    """The city; afterwards it must hold no sighting."""
    yield city
    assert city.rows("SELECT count(*) FROM sighting") == [(0,)]
    assert city.rows("SELECT count(*) FROM batch") == [(0,)]


def test_wrong_sightings_are_refused_with_their_place(untouched: CityServer) -> None:
    for name, change in WRONG_SIGHTINGS.items():
        answer = untouched.send(batch(sighting(), sighting(**change)))
        is_problem(answer, 422)
        assert "$.sightings[" in answer.json()["detail"], name
    refused = untouched.rows("SELECT count(*) FROM audit_outbox WHERE kind = 'batch.refused'")
    assert refused == [(len(WRONG_SIGHTINGS),)]


def test_bodies_that_are_no_batch_are_refused(untouched: CityServer) -> None:
    with untouched.client("vehicle") as truck:
        for body in WRONG_BODIES.values():
            is_problem(truck.post("/batches", content=body), 422)
            is_problem(truck.post("/heartbeats", content=body), 422)


def test_501_sightings_and_none_are_refused(untouched: CityServer) -> None:
    is_problem(untouched.send(batch(*(sighting() for _ in range(501)))), 422)
    is_problem(untouched.send(batch() | {"sightings": []}), 422)


def test_a_wrong_device_name_is_refused(untouched: CityServer) -> None:
    for name in ("", "Truck", "a b", "x" * 41, "../etc", "truck\x00"):
        is_problem(untouched.send(batch(device_id=name)), 422)


def test_a_body_over_2_mb_is_refused_announced_or_not(untouched: CityServer) -> None:
    body = b" " * 2_000_001
    with untouched.client("vehicle") as truck:
        is_problem(truck.post("/batches", content=body), 413)
        is_problem(truck.post("/batches", content=iter([body[:1_000_000]] * 3)), 413)


def test_counts_that_do_not_add_up_are_refused(city: CityServer) -> None:
    with city.client("vehicle") as truck:
        is_problem(truck.post("/heartbeats", json=heartbeat(frames_assessed=9)), 422)
        is_problem(truck.post("/heartbeats", json=heartbeat(software_version="\x00")), 422)
        assert city.rows("SELECT count(*) FROM heartbeat") == [(0,)]
        told = heartbeat()
        assert truck.post("/heartbeats", json=told).status_code == 202
        assert truck.post("/heartbeats", json=told).status_code == 202
    assert city.rows("SELECT count(*) FROM heartbeat") == [(1,)]
    kinds = city.rows("SELECT count(*) FROM audit_outbox WHERE kind = 'heartbeat.received'")
    assert kinds == [(1,)]


def test_clock_jumps_and_far_places_are_kept_but_never_shown(city: CityServer) -> None:
    ahead = (datetime.now(UTC) + timedelta(minutes=11)).isoformat()
    answer = city.send(
        batch(
            moved(20, seen_at=ahead),
            moved(40, seen_at="1970-01-01T00:03:00Z"),
            sighting(longitude_deg=9.9, latitude_deg=53.5),
            moved(60),
        )
    )
    assert answer.status_code == 202
    city.wait_for_merge()
    reasons = city.rows("SELECT quarantine_reason FROM sighting WHERE state = 'quarantined'")
    assert sorted(reasons) == [
        ("clock not set",),
        ("outside the city",),
        ("seen in the future",),
    ]
    assert city.rows("SELECT count(*) FROM damage") == [(1,)]


def test_odd_numbers_and_texts_at_the_desk_are_refused(city: CityServer) -> None:
    good = {"title": "a", "damage_ids": [1], "team": "b"}
    orders: list[dict[str, Any]] = [
        {},
        good | {"damage_ids": []},
        good | {"damage_ids": [0]},
        good | {"damage_ids": [2**63]},
        good | {"damage_ids": list(range(1, 202))},
        good | {"title": ""},
        good | {"title": "  "},
        good | {"title": "a\x00"},
        good | {"title": "a" * 201},
        good | {"due_on": "tomorrow"},
        good | {"note": "\ud800"},
        good | {"priority": 1},
    ]
    with city.client("road") as road:
        for wanted in orders:
            answer = road.post("/work-orders", content=_json(wanted), headers=JSON)
            is_problem(answer, 422)
        is_problem(road.post("/work-orders", json=good), 404)
        is_problem(road.post("/work-orders", content=b"{", headers=JSON), 422)
        for address in (
            "/damages/0",
            "/damages/x",
            f"/damages/{2**63}",
            "/damages?limit=501",
            "/damages?offset=-1",
            "/damages?state=gone",
            "/damages?order=size",
            "/damages?colour=red",
            "/audit/events?after=1",
            "/audit/events?subject_id=%00",
            "/work-orders?state=lost",
            "/pictures/abc",
        ):
            is_problem(road.get(address), 422)
        for address in ("/damages/1", "/work-orders/1", f"/pictures/{'0' * 64}", "/nothing"):
            is_problem(road.get(address), 404)
        is_problem(road.patch("/damages"), 405)
        assert road.get("/damages", params={"district_id": "'; DROP TABLE damage;--"}).json() == {
            "total": 0,
            "items": [],
        }
        assert road.get("/damages", params={"district_id": "\x00"}).status_code == 422


def test_a_mask_receipt_must_be_whole(untouched: CityServer) -> None:
    whole = mask_receipt(b"x")
    for change in ({"crop": [1, 2, 3]}, {"masked": -1}, {"picture_sha256": ""}, {"extra": 1}):
        is_problem(untouched.send(batch(sighting(picture=whole | change))), 422)


def test_a_request_that_is_no_http_gets_no_trace(city: CityServer) -> None:
    host, port = city.url.removeprefix("http://").split(":")
    for noise in (b"\x00\xff\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"POST /api/v1/batches\r\n\r\n"):
        with socket.create_connection((host, int(port)), timeout=10) as line:
            line.sendall(noise)
            answer = line.recv(65_536)
        assert b"500" not in answer.split(b"\r\n")[0]
        assert b"Traceback" not in answer


JSON = {"Content-Type": "application/json"}


def _json(value: Any) -> bytes:
    """Write JSON with escapes, so that a lone surrogate travels."""
    return json.dumps(value).encode()
