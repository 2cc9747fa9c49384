"""From a sighting to a mended road: what the road department does, and what the log says of it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.messages import batch, jpeg, mask_receipt, moved, sighting
from tests.serving import CityServer


@pytest.fixture
def damage_id(city: CityServer) -> int:
    """A pothole that waits for a person."""
    return given_damages(city, 1)[0]


def given_damages(city: CityServer, number: int) -> list[int]:
    """Have a truck see some potholes, 50 m apart; return their numbers."""
    city.send(batch(*(moved(20 + 50 * n) for n in range(number))))
    city.wait_for_merge()
    return [row[0] for row in city.rows("SELECT damage_id FROM damage ORDER BY damage_id")]


def decide(
    road: httpx.Client, damage_id: int, verdict: str, seen: int | None = None, **more: Any
) -> httpx.Response:
    """Give a verdict as a person at the desk."""
    given = {
        "verdict": verdict,
        "reason": None if verdict == "confirmed" else "a shadow",
        "seen_verdict_id": seen,
        "seconds_spent": 4,
    }
    return road.post(f"/damages/{damage_id}/verdicts", json=given | more)


def order(road: httpx.Client, *damage_ids: int) -> httpx.Response:
    """Order repairs."""
    wanted = {"title": "Potholes", "damage_ids": damage_ids, "team": "Bauhof Ost"}
    return road.post("/work-orders", json=wanted)


def test_a_pothole_is_confirmed_ordered_and_repaired_and_the_log_tells_it(
    city: CityServer, damage_id: int
) -> None:
    with city.client("road") as road:
        confirmed = decide(road, damage_id, "confirmed")
        assert confirmed.status_code == 201, confirmed.text
        assert confirmed.json()["state"] == "confirmed"
        ordered = order(road, damage_id)
        assert ordered.status_code == 201, ordered.text
        number = ordered.json()["work_order_id"]
        assert road.get(f"/damages/{damage_id}").json()["state"] == "ordered"
        done = road.post(f"/work-orders/{number}/completion", json={"note": "filled"})
        assert done.status_code == 200, done.text
        shown = road.get(f"/damages/{damage_id}").json()
    assert shown["state"] == "repaired"
    assert shown["ai_label"]["human_status"] == "confirmed"
    assert shown["work_order"]["closing_note"] == "filled"
    with city.client("auditor") as auditor:
        events = auditor.get("/audit/events").json()["items"]
    assert [one["type"] for one in events] == [
        "work_order.completed",
        "work_order.created",
        "verdict.given",
        "merge.run",
        "batch.accepted",
        "city.loaded",
    ]


def test_a_damage_nobody_confirmed_cannot_be_ordered(city: CityServer) -> None:
    waiting, unsure, dismissed = given_damages(city, 3)
    with city.client("road") as road:
        decide(road, unsure, "unsure")
        decide(road, dismissed, "not a damage")
        answer = order(road, waiting, unsure, dismissed)
        assert road.get("/work-orders").json() == {"items": []}
    assert answer.status_code == 409
    for named in (f"{waiting} is waiting", f"{unsure} is unsure", f"{dismissed} is dismissed"):
        assert named in answer.json()["detail"]


def test_a_damage_is_ordered_once(city: CityServer, damage_id: int) -> None:
    with city.client("road") as road:
        decide(road, damage_id, "confirmed")
        assert order(road, damage_id).status_code == 201
        assert order(road, damage_id).status_code == 409


def test_a_taken_back_verdict_brings_back_what_stood_before(
    city: CityServer, damage_id: int
) -> None:
    with city.client("road") as road:
        first = decide(road, damage_id, "confirmed").json()["verdict_id"]
        second = decide(road, damage_id, "unsure", first).json()["verdict_id"]
        undo = f"/damages/{damage_id}/verdicts/undo"
        assert road.post(undo, json={"verdict_id": first}).status_code == 409
        once = road.post(undo, json={"verdict_id": second})
        assert (once.status_code, once.json()["state"]) == (201, "confirmed")
        twice = road.post(undo, json={"verdict_id": first})
        assert (twice.status_code, twice.json()["state"]) == (201, "waiting")
        shown = road.get(f"/damages/{damage_id}").json()
    assert shown["current_verdict_id"] is None
    assert [(one["verdict"], one["undone"]) for one in shown["verdicts"]] == [
        ("unsure", True),
        ("confirmed", True),
    ]


def test_an_ordered_damage_keeps_its_verdict(city: CityServer, damage_id: int) -> None:
    with city.client("road") as road:
        verdict_id = decide(road, damage_id, "confirmed").json()["verdict_id"]
        order(road, damage_id)
        undo = road.post(f"/damages/{damage_id}/verdicts/undo", json={"verdict_id": verdict_id})
        again = decide(road, damage_id, "unsure", verdict_id)
    assert (undo.status_code, again.status_code) == (409, 409)


def test_two_people_cannot_overwrite_each_other(city: CityServer, damage_id: int) -> None:
    with city.client("road") as road:
        assert decide(road, damage_id, "confirmed").status_code == 201
        late = decide(road, damage_id, "not a damage")
    assert late.status_code == 409
    assert late.json()["type"] == "urn:stadtwart:problem:other-verdict"


def test_doubt_needs_a_reason(city: CityServer, damage_id: int) -> None:
    with city.client("road") as road:
        for verdict in ("not a damage", "unsure"):
            for reason in (None, "", "   ", "x" * 501, "\x00"):
                answer = decide(road, damage_id, verdict, reason=reason)
                assert answer.status_code == 422, (verdict, reason)


def test_a_cancelled_order_frees_its_damages(city: CityServer, damage_id: int) -> None:
    with city.client("road") as road:
        decide(road, damage_id, "confirmed")
        number = order(road, damage_id).json()["work_order_id"]
        gone = road.post(f"/work-orders/{number}/cancellation", json={"reason": "frost"})
        assert (gone.status_code, gone.json()["damage_ids"]) == (200, [damage_id])
        assert road.post(f"/work-orders/{number}/completion", json={}).status_code == 409
        assert road.get(f"/damages/{damage_id}").json()["state"] == "confirmed"
        assert order(road, damage_id).status_code == 201


def test_a_dismissed_damage_absorbs_new_sightings(city: CityServer, damage_id: int) -> None:
    with city.client("road") as road:
        decide(road, damage_id, "not a damage")
        city.send(batch(moved(21)))
        city.wait_for_merge()
        listed = road.get("/damages").json()
    assert listed["total"] == 1
    assert listed["items"][0]["state"] == "dismissed"
    assert (listed["items"][0]["sightings"], listed["items"][0]["suppressed"]) == (2, 1)


def test_a_pothole_that_comes_back_after_its_repair_is_a_new_damage(
    city: CityServer, damage_id: int
) -> None:
    with city.client("road") as road:
        decide(road, damage_id, "confirmed")
        number = order(road, damage_id).json()["work_order_id"]
        road.post(f"/work-orders/{number}/completion", json={})
        repaired_at = city.rows("SELECT now()::text")[0][0]
        city.send(batch(moved(20, seen_at=repaired_at.replace(" ", "T") + ":00"), moved(20)))
        city.wait_for_merge()
        listed = road.get("/damages", params={"order": "newest"}).json()
    assert [(one["state"], one["sightings"]) for one in listed["items"]] == [
        ("waiting", 1),
        ("repaired", 2),
    ]


def test_the_list_is_filtered_and_paged(city: CityServer) -> None:
    city.send(
        batch(
            moved(20),
            moved(70, damage_class="D00"),
            sighting(longitude_deg=11.955, latitude_deg=51.48, confidence=0.9),
        )
    )
    city.wait_for_merge()
    with city.client("road") as road:
        west = road.get("/damages", params={"district_id": "west"}).json()
        cracks = road.get("/damages", params={"damage_class": "D00"}).json()
        last = road.get("/damages", params={"limit": 1, "offset": 2}).json()
        beyond = road.get("/damages", params={"offset": 10}).json()
        none = road.get("/damages", params={"state": "repaired"}).json()
    assert [one["street"] for one in west["items"]] == ["Weststraße"]
    assert [one["damage_class"] for one in cracks["items"]] == ["D00"]
    assert (last["total"], [one["damage_class"] for one in last["items"]]) == (3, ["D00"])
    assert (beyond["total"], beyond["items"]) == (3, [])
    assert none == {"total": 0, "items": []}


def test_the_picture_of_a_damage_is_shown_once_it_has_arrived(city: CityServer) -> None:
    picture = jpeg()
    receipt = mask_receipt(picture)
    wanted = city.send(batch(moved(20, picture=receipt))).json()["pictures_wanted"]
    city.wait_for_merge()
    assert wanted == [receipt["picture_sha256"]]
    with city.client("road") as road:
        before = road.get("/damages").json()["items"][0]
        with city.client("vehicle") as truck:
            address = f"/pictures/{wanted[0]}"
            headers = {"Content-Type": "image/jpeg"}
            assert truck.put(address, content=picture, headers=headers).status_code == 201
            assert truck.put(address, content=picture, headers=headers).status_code == 200
        after = road.get("/damages").json()["items"][0]
        seen = road.get(f"/pictures/{wanted[0]}")
    assert (before["picture_sha256"], before["damage_box"]) == (None, None)
    assert (after["picture_sha256"], after["damage_box"]) == (wanted[0], receipt["damage"])
    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/jpeg")
    kinds = [row[0] for row in city.rows("SELECT kind FROM audit_outbox ORDER BY event_id")]
    assert kinds[-2:] == ["picture.stored", "picture.opened"]


def test_the_summary_counts_everything(city: CityServer) -> None:
    first, _second = given_damages(city, 2)
    city.send(batch(sighting(longitude_deg=9.0)))
    city.wait_for_merge()
    with city.client("road") as road:
        decide(road, first, "confirmed")
        counted = road.get("/summary").json()
    assert counted | {"last_sighting_at": None} == {
        "waiting": 1,
        "confirmed": 1,
        "dismissed": 0,
        "unsure": 0,
        "ordered": 0,
        "repaired": 0,
        "sightings": 3,
        "quarantined": 1,
        "pictures": 0,
        "pictures_withheld": 0,
        "last_sighting_at": None,
    }
