"""A second person looks again without the first verdict; approvals faster than eyes are noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import httpx
import psycopg
import pytest

from tests.api.test_desk import decide, given_damages
from tests.serving import CityServer

AGES = {"from": "2020-01-01T00:00:00Z", "to": "2100-01-01T00:00:00Z"}
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def all_drawn(city: CityServer) -> CityServer:
    """A city where every verdict is drawn for a second look."""
    city.rows("INSERT INTO review_rule (share, seed) VALUES (1, 'a seed of sixteen') RETURNING 1")
    return city


@pytest.fixture
def colleague(all_drawn: CityServer) -> Iterator[httpx.Client]:
    """Another person of the road department, by a session of their own."""
    with all_drawn.client() as window:
        window.headers.update(SAME_SITE)
        window.post("/session", json={"token": all_drawn.tokens["road"]})
        yield window


def second(client: httpx.Client, review: dict[str, Any], verdict: str) -> httpx.Response:
    given = {"verdict": verdict, "seconds_spent": 7, "reason": None}
    if verdict != "confirmed":
        given["reason"] = "a shadow"
    return client.post(f"/reviews/{review['review_id']}", json=given)


def test_a_colleague_looks_again_without_the_first_verdict(
    all_drawn: CityServer, colleague: httpx.Client
) -> None:
    damage_id = given_damages(all_drawn, 1)[0]
    with all_drawn.client("road") as road:
        decide(road, damage_id, "not a damage")
        assert road.get("/reviews").json() == {"items": []}, "not before the first person"
    (item,) = colleague.get("/reviews").json()["items"]
    assert (item["damage_id"], item["state"]) == (damage_id, "waiting")
    assert (item["current_verdict_id"], item["ai_label"]["human_status"]) == (None, "not reviewed")
    assert "not a damage" not in str(item)
    answer = second(colleague, item, "confirmed")
    assert (answer.status_code, answer.json()["agrees"]) == (201, False)
    assert colleague.get("/reviews").json() == {"items": []}
    assert second(colleague, item, "confirmed").status_code == 409
    assert all_drawn.rows("SELECT state FROM damage") == [("dismissed",)], "a person decides again"
    events = all_drawn.rows("SELECT count(*) FROM audit_outbox WHERE kind = 'review.answered'")
    assert events == [(1,)]


def test_nobody_reviews_their_own_verdict(all_drawn: CityServer) -> None:
    damage_id = given_damages(all_drawn, 1)[0]
    with all_drawn.client("road") as road:
        decide(road, damage_id, "confirmed")
        review_id = all_drawn.rows("SELECT review_id FROM review")[0][0]
        answer = second(road, {"review_id": review_id}, "confirmed")
    assert answer.status_code == 409
    assert "another person" in answer.json()["detail"]
    assert all_drawn.rows("SELECT count(*) FROM review_answer") == [(0,)]


def test_a_verdict_taken_back_needs_no_second_look(
    all_drawn: CityServer, colleague: httpx.Client
) -> None:
    damage_id = given_damages(all_drawn, 1)[0]
    with all_drawn.client("road") as road:
        number = decide(road, damage_id, "confirmed").json()["verdict_id"]
        road.post(f"/damages/{damage_id}/verdicts/undo", json={"verdict_id": number})
    assert colleague.get("/reviews").json() == {"items": []}


def test_the_agreement_is_counted_with_its_interval(
    all_drawn: CityServer, colleague: httpx.Client
) -> None:
    damages = given_damages(all_drawn, 4)
    with all_drawn.client("road") as road:
        for damage_id in damages:
            decide(road, damage_id, "confirmed")
    items = colleague.get("/reviews").json()["items"]
    for item, verdict in zip(items, ["confirmed", "confirmed", "unsure"], strict=False):
        second(colleague, item, verdict)
    with all_drawn.client("auditor") as auditor:
        counted = auditor.get("/reviews/figures", params=AGES).json()
        before = {"from": AGES["from"], "to": "2021-01-01T00:00:00Z"}
        none = auditor.get("/reviews/figures", params=before).json()
    assert [counted[name] for name in ("drawn", "answered", "agreed", "open")] == [4, 3, 2, 1]
    assert counted["agreement_share"] == pytest.approx(2 / 3, abs=1e-4)
    # scipy.stats.binomtest(2, 3).proportion_ci(method="wilson")
    assert counted["agreement_low"] == pytest.approx(0.2077, abs=2e-4)
    assert counted["agreement_high"] == pytest.approx(0.9385, abs=2e-4)
    assert (none["drawn"], none["agreement_share"]) == (0, None)


def test_about_one_verdict_in_twenty_is_drawn_and_the_draw_can_be_repeated(
    city: CityServer,
) -> None:
    share, seed = city.rows("SELECT share, seed FROM review_rule")[0]
    drawn = city.rows(
        "SELECT count(*) FILTER (WHERE review_lot(%s, n) < %s) FROM generate_series(1, 20000) AS n",
        [seed, share],
    )[0][0]
    assert float(share) == 0.05
    assert abs(drawn - 1000) < 5 * (20_000 * 0.05 * 0.95) ** 0.5
    lot = int(sha256(f"{seed}:17".encode()).hexdigest()[:8], 16) / 2**32
    assert float(city.rows("SELECT review_lot(%s, 17)", [seed])[0][0]) == pytest.approx(lot)


def test_approvals_faster_than_a_second_are_noted_for_the_auditor(city: CityServer) -> None:
    first, second_one, third = given_damages(city, 3)
    begun = datetime.now(UTC) - timedelta(minutes=1)
    with city.client("road") as road:
        decide(road, first, "confirmed", seconds_spent=0)
        decide(road, second_one, "confirmed", seconds_spent=30)  # says so, right after the first
        decide(road, third, "unsure", seconds_spent=0)  # approves nothing
    with city.client("auditor") as auditor:
        query = {"from": begun.isoformat(), "to": AGES["to"]}
        found = auditor.get("/reviews/figures", params=query).json()
    assert (found["approvals"], found["quick"]) == (2, 2)
    kinds = [(note["subject_id"], note["kind"]) for note in found["notes"]]
    assert kinds == [(str(first), "quick"), (str(second_one), "in a row")]
    assert found["notes"][0]["actor_ref"] == "road:token"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE damage SET state = 'dismissed'",
        "UPDATE damage SET state = 'unsure'",
        "UPDATE damage SET state = 'waiting'",
        "UPDATE verdict SET verdict = 'not a damage'",
        "UPDATE review_answer SET agrees = true",
        "DELETE FROM approval_note",
        "UPDATE review_rule SET share = 0",
        "TRUNCATE review CASCADE",
    ],
)
def test_nobody_not_even_the_owner_dismisses_by_hand(city: CityServer, statement: str) -> None:
    damage_id = given_damages(city, 1)[0]
    with city.client("road") as road:
        decide(road, damage_id, "confirmed")
    with pytest.raises(psycopg.Error):
        city.rows(statement)
    assert city.rows("SELECT state FROM damage") == [("confirmed",)]
