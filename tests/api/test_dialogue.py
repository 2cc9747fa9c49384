"""Findings must be answered, citizens object without an account, and a stop stops."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.messages import batch
from tests.serving import CityServer

FINDING = {
    "about_kind": "guideline",
    "about_id": "R7",
    "title": "The card names no data sheet",
    "text": "Which pictures was the detector trained on?",
    "responsible_role": "road",
}
SECRET_WORDS = "Frau Beispiel, Ringstraße 5"
OBJECTION = {"about_kind": "damage", "text": SECRET_WORDS, "contact": "b@example.org"}
INCIDENT = {
    "system": "detector",
    "severity": "serious",
    "title": "Shadows become potholes",
    "text": "Since this morning every tree's shadow is one.",
}


def bodies(city: CityServer) -> str:
    return str(city.rows("SELECT string_agg(convert_from(body, 'UTF8'), ' ') FROM audit_outbox"))


def kinds(city: CityServer, like: str) -> list[str]:
    found = city.rows("SELECT kind FROM audit_outbox WHERE kind LIKE %s ORDER BY event_id", [like])
    return [row[0] for row in found]


def say(client: httpx.Client, address: str, kind: str) -> httpx.Response:
    return client.post(f"{address}/entries", json={"kind": kind, "text": f"our {kind}"})


def test_a_finding_is_filed_answered_closed_and_reopened(city: CityServer) -> None:
    with (
        city.client("panel") as panel,
        city.client("road") as road,
        city.client("parks") as parks,
        city.client("auditor") as auditor,
    ):
        filed = panel.post("/findings", json=FINDING).json()
        address = f"/findings/{filed['finding_id']}"
        assert (filed["state"], filed["overdue"]) == ("open", False)
        assert say(parks, address, "answer").status_code == 403, "another office"
        assert say(panel, address, "answer").status_code == 403, "nobody answers themselves"
        assert say(road, address, "closing").status_code == 403
        assert say(road, address, "answer").json()["state"] == "answered"
        assert say(road, address, "answer").status_code == 409
        assert say(auditor, address, "question").json()["state"] == "open"
        assert say(road, address, "answer").json()["state"] == "answered"
        closed = say(panel, address, "closing").json()
        assert (closed["state"], len(closed["entries"])) == ("closed", 4)
        assert say(auditor, address, "question").status_code == 409
        assert say(auditor, address, "reopening").json()["state"] == "open"
    assert kinds(city, "finding.%") == ["finding.filed", *["finding.entry"] * 5]
    assert FINDING["text"] not in bodies(city)


def test_an_unanswered_finding_becomes_overdue(city: CityServer) -> None:
    with city.client("auditor") as auditor:
        auditor.post("/findings", json=FINDING | {"days": 3})
        city.rows("UPDATE finding SET due_on = current_date - 1 RETURNING 1")
        (item,) = auditor.get("/findings").json()["items"]
    assert item["overdue"]
    counted = city.rows("SELECT filed, overdue FROM finding_figures('2020-01-01', '2100-01-01')")
    assert counted == [(1, 1)]


def test_a_citizen_objects_without_an_account_and_reads_the_answer(city: CityServer) -> None:
    with city.client() as citizen, city.client("road") as road:
        received = citizen.post("/objections", json=OBJECTION).json()
        key = {name: received[name] for name in ("case_number", "secret")}
        waiting = citizen.post("/objections/status", json=key).json()
        assert (waiting["outcome"], waiting["answer"]) == (None, None)
        wrong = citizen.post("/objections/status", json=key | {"secret": "AAAA"})
        assert wrong.status_code == 404
        (item,) = road.get("/objections").json()["items"]
        assert item["text"] == SECRET_WORDS
        given = {"outcome": "upheld", "answer": "You are right, it was a shadow."}
        address = f"/objections/{item['objection_id']}/answer"
        assert road.post(address, json=given).status_code == 200
        assert road.post(address, json=given).status_code == 409
        typed = key | {"secret": received["secret"].lower().replace("-", " ")}
        told = citizen.post("/objections/status", json=typed).json()
    assert (told["outcome"], told["answer"]) == ("upheld", given["answer"])
    assert kinds(city, "objection.%") == ["objection.received", "objection.answered"]
    for word in (SECRET_WORDS, "b@example.org", received["secret"], given["answer"]):
        assert word not in bodies(city)
    stored = str(city.rows("SELECT * FROM objection"))
    assert received["secret"] not in stored
    assert received["secret"].replace("-", "") not in stored


def test_what_a_citizen_wrote_is_forgotten_and_the_case_stays_countable(city: CityServer) -> None:
    with city.client() as citizen, city.client("road") as road:
        received = citizen.post("/objections", json=OBJECTION).json()
        given = {"outcome": "rejected", "answer": "It is a hole."}
        road.post("/objections/1/answer", json=given)
        assert city.rows("SELECT * FROM forget_objections('2020-01-01')") == []
        forgotten = city.rows("SELECT * FROM forget_objections('2100-01-01')")
        key = {name: received[name] for name in ("case_number", "secret")}
        told = citizen.post("/objections/status", json=key).json()
    assert forgotten == [(received["case_number"],)]
    assert (told["outcome"], told["answer"]) == ("rejected", None)
    assert SECRET_WORDS not in str(city.rows("SELECT * FROM objection"))
    counted = "SELECT received, rejected, open FROM objection_figures('2020-01-01', '2100-01-01')"
    assert city.rows(counted) == [(1, 1, 0)]


def test_programs_that_flood_the_form_are_held_off(city: CityServer) -> None:
    with city.client() as program:
        trapped = program.post("/objections", json=OBJECTION | {"website": "http://spam.example"})
        assert trapped.status_code == 422
        statuses = [program.post("/objections", json=OBJECTION).status_code for _ in range(6)]
        assert statuses == [201] * 5 + [429]
        late = program.post("/objections", json=OBJECTION)
        assert int(late.headers["retry-after"]) > 3000
        key = {"case_number": "E-2026-AAAAAA", "secret": "AAAA"}
        guesses = [program.post("/objections/status", json=key).status_code for _ in range(21)]
        assert guesses == [404] * 20 + [429]


def test_a_stop_stops_and_only_an_admin_resumes(city: CityServer) -> None:
    stopped = "SELECT is_stopped('detector'), is_stopped('watering')"
    with city.client("road") as road, city.client("admin") as admin, city.client("panel") as panel:
        number = road.post("/incidents", json=INCIDENT).json()["incident_id"]
        address = f"/incidents/{number}"
        assert city.rows(stopped) == [(False, False)]
        assert say(panel, address, "stop").status_code == 403
        assert say(road, address, "resume").status_code == 403
        assert say(road, address, "stop").json()["stops"] is True
        assert city.rows(stopped) == [(True, False)]
        assert say(road, address, "stop").status_code == 409
        assert say(admin, address, "closing").status_code == 409, "a stop stands until resumed"
        say(road, address, "measure")
        assert say(admin, address, "resume").json()["stops"] is False
        assert city.rows(stopped) == [(False, False)]
        assert say(admin, address, "closing").json()["closed_at"] is not None
        assert say(road, address, "measure").status_code == 409
    counted = "SELECT reported, stops, closed, open FROM incident_figures('2020-1-1', '2100-1-1')"
    assert city.rows(counted) == [(1, 1, 1, 0)]
    assert INCIDENT["title"] not in bodies(city)


@pytest.fixture
def window(city: CityServer) -> Iterator[httpx.Client]:
    """A browser that is logged in as the panel."""
    with httpx.Client(base_url=city.url, timeout=30) as opened:
        opened.headers.update({"Sec-Fetch-Site": "same-origin", "Origin": "null"})
        opened.post("/api/v1/session", json={"token": city.tokens["panel"]})
        yield opened


def test_the_pages_work_without_a_script(city: CityServer, window: httpx.Client) -> None:
    form: dict[str, Any] = {key: str(value) for key, value in FINDING.items()} | {"days": "14"}
    sent = window.post("/findings?lang=en", data=form)
    assert (sent.status_code, sent.headers["location"]) == (303, "/findings?lang=en")
    shown = window.get("/findings?lang=en").text
    assert "The card names no data sheet" in shown
    assert "Close as done" in shown
    short = window.post("/findings", data=form | {"days": "1"})
    assert (short.status_code, "Nicht gespeichert" in short.text) == (422, True)
    answer = window.post("/findings/1", data={"kind": "closing", "text": "thanks"})
    assert answer.status_code == 303
    assert window.post("/incidents?lang=de", data=INCIDENT).status_code == 303
    assert "Shadows become potholes" in window.get("/incidents").text
    assert window.get("/objections").status_code == 403
    with city.client("road") as road:
        assert len(road.get("/findings").json()["items"][0]["entries"]) == 1


def test_the_objection_page_shows_case_and_secret_once(city: CityServer) -> None:
    with httpx.Client(base_url=city.url, timeout=30) as citizen:
        about = {"about": "damage", "number": "17", "lang": "en"}
        asked = citizen.get("/objection", params=about).text
        assert '<option value="damage" selected>' in asked
        assert "Damage no. 17: </textarea>" in asked
        assert "erased 90 days after the answer" in asked
        strange = citizen.get("/objection", params=about | {"number": "</textarea><script>"})
        assert (strange.status_code, "<script>" in strange.text) == (200, False)
        own = {"Origin": city.url}
        form = OBJECTION | {"website": ""}
        evil = citizen.post("/objection", data=form, headers={"Origin": "https://evil.example"})
        assert evil.status_code == 403
        sent = citizen.post("/objection", data=form, headers=own)
        assert sent.status_code == 201
        number = city.rows("SELECT case_number FROM objection")[0][0]
        assert number in sent.text
        assert citizen.get("/findings").status_code == 401
        wrong = {"case_number": number, "secret": "nonsense"}
        assert citizen.post("/objection/case", data=wrong, headers=own).status_code == 404


def test_what_people_write_never_becomes_markup(window: httpx.Client) -> None:
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'{{7*7}}"
    form = {key: str(value) for key, value in FINDING.items()} | {"text": nasty, "title": nasty}
    window.post("/findings", data=form)
    shown = window.get("/findings").text
    assert "<script>alert" not in shown
    assert "<img src=x" not in shown
    assert "{{7*7}}" in shown


def test_a_stopped_detector_opens_no_damage_until_it_is_resumed(city: CityServer) -> None:
    with city.client("road") as road, city.client("admin") as admin:
        number = road.post("/incidents", json=INCIDENT).json()["incident_id"]
        say(road, f"/incidents/{number}", "stop")
        assert city.send(batch()).status_code == 202, "trucks keep sending, nothing is lost"
        deadline = time.monotonic() + 20
        while city.rows("SELECT count(*) FROM procrastinate_jobs") != [(0,)]:
            assert time.monotonic() < deadline, "the merge job did not end"
            time.sleep(0.02)
        assert city.rows("SELECT count(*) FROM damage") == [(0,)]
        assert say(admin, f"/incidents/{number}", "resume").status_code == 201
        city.wait_for_merge()
    assert city.rows("SELECT count(*) FROM damage") == [(1,)]
