"""Orders, dismissals, publications and plans: the database wants a person's decision for each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.api.dry_city import approve, ask_plan, plant
from tests.serving import CityServer, serving

INCIDENT = {
    "system": "watering",
    "severity": "serious",
    "title": "Every tree is dry",
    "text": "Since the last night run.",
}


@pytest.fixture
def dry(database_url: str, tmp_path: Path) -> Iterator[CityServer]:
    """A dry city that serves."""
    plant(database_url, tmp_path / "city", (0.1, 0.3))
    with serving(database_url) as server:
        yield server


def test_a_plan_is_not_approved_by_hand(dry: CityServer) -> None:
    with dry.client("parks") as parks:
        ask_plan(parks)
    for state in ("approved", "on tour", "done"):
        with pytest.raises(psycopg.Error):
            dry.rows("UPDATE watering_plan SET state = %s RETURNING 1", [state])
    assert dry.rows("SELECT state FROM watering_plan") == [("draft",)]


@pytest.mark.parametrize(
    ("table", "column"),
    [("register_publication", "actor_kind"), ("model_activation", "actor_kind")],
)
def test_a_machine_publishes_and_activates_nothing(
    database_url: str, table: str, column: str
) -> None:
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT pg_get_constraintdef(oid) FROM pg_constraint "
            "WHERE conrelid = %s::regclass AND contype = 'c'",
            [table],
        ).fetchall()
    rules = [row[0] for row in found]
    assert any(column in rule and "'person'" in rule for rule in rules), rules
    assert any("decided_by" in rule for rule in rules), rules


def test_a_plan_approved_in_no_time_is_noted(dry: CityServer) -> None:
    with dry.client("parks") as parks:
        plan = ask_plan(parks)
        sent = {"seen_version": plan["version"], "seconds_spent": 0}
        answer = parks.post(f"/plans/{plan['plan_id']}/approval", json=sent)
        assert answer.status_code == 201, answer.text
    notes = dry.rows("SELECT kind, subject_kind, actor_ref FROM approval_note")
    assert notes == [("quick", "plan", "parks:token")]


def test_a_stopped_watering_drafts_and_approves_nothing(dry: CityServer) -> None:
    with dry.client("parks") as parks, dry.client("admin") as admin:
        plan = ask_plan(parks)
        number = parks.post("/incidents", json=INCIDENT).json()["incident_id"]
        steps = f"/incidents/{number}/entries"
        parks.post(steps, json={"kind": "stop", "text": "until we know why"})
        sent = {"seen_version": plan["version"], "seconds_spent": 9}
        refused = parks.post(f"/plans/{plan['plan_id']}/approval", json=sent)
        assert refused.status_code == 409
        assert "an incident stops the watering" in refused.json()["detail"]
        assert parks.post("/plans", json={"for_day": plan["for_day"]}).status_code == 409
        assert dry.rows("SELECT count(*) FROM watering_plan") == [(1,)]
        admin.post(steps, json={"kind": "resume", "text": "the weather file was old"})
        assert approve(parks, plan).get("state") == "approved"
