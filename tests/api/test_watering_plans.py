"""The machine drafts who is watered; a person decides, and the database insists on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from gis.postgis.audit.fsck import cross_findings
from tests.api.dry_city import approve, ask_plan, events, plant
from tests.serving import CityServer, serving

DRYNESS = (0.1, 0.25, 0.35, 0.38, 0.8, 0.2)


@pytest.fixture
def dry(database_url: str, tmp_path: Path) -> Iterator[CityServer]:
    """A dry city that serves."""
    plant(database_url, tmp_path / "city", DRYNESS)
    with serving(database_url) as server:
        yield server


@pytest.fixture
def parks(dry: CityServer) -> Iterator[httpx.Client]:
    """The parks team."""
    with dry.client("parks") as client:
        yield client


def change(parks: httpx.Client, plan: dict[str, Any], **more: Any) -> httpx.Response:
    given = {"seen_version": plan["version"], "reason": "stands in my way"} | more
    return parks.patch(f"/plans/{plan['plan_id']}/stops", json=given)


def numbers(plan: dict[str, Any]) -> list[str]:
    return [stop["number"] for stop in plan["stops"] if stop["included"]]


def test_the_driest_trees_are_drafted_with_litres_and_reasons(
    dry: CityServer, parks: httpx.Client
) -> None:
    plan = ask_plan(parks)
    assert numbers(plan) == ["B000", "B005", "B001", "B002", "B003"]
    first = plan["stops"][0]
    assert first["litres_interval"][0] <= first["litres"] <= first["litres_interval"][1]
    assert "FLL" in first["litres_source_de"]
    assert "10 %" in first["reason_de"]
    assert plan["state"] == "draft"
    assert plan["ai_label"]["human_status"] == "not reviewed"
    assert plan["ai_label"]["simulated"] is True
    assert parks.get("/plans").json()["items"][0]["plan_id"] == plan["plan_id"]
    with dry.client("auditor") as auditor:
        assert auditor.get(f"/plans/{plan['plan_id']}").json() == plan
        assert auditor.post("/plans", json={"for_day": "2026-07-14"}).status_code == 403
    assert events(dry) == ["plan.drafted"]


def test_a_small_budget_names_who_waits_and_shows_it_by_district(parks: httpx.Client) -> None:
    plan = ask_plan(parks, budget_l=200)
    assert numbers(plan) == ["B000", "B005"]
    assert [one["number"] for one in plan["left_out"]] == ["B001", "B002", "B003"]
    assert "200 L" in plan["left_out"][0]["reason_de"]
    by_name = {one["district"]: one for one in plan["fairness"]}
    assert by_name["Ost"]["waiting_urgent"] == 1
    assert 0 < by_name["Ost"]["share"] < 1
    assert by_name["West"]["planned_l"] == 0


def test_a_person_changes_the_draft_and_an_old_screen_is_refused(
    dry: CityServer, parks: httpx.Client
) -> None:
    plan = ask_plan(parks, budget_l=200)
    changed = change(parks, plan, tree_id=plan["stops"][0]["tree_id"], included=False)
    assert changed.status_code == 200, changed.text
    assert numbers(changed.json()) == ["B005"]
    late = change(parks, plan, tree_id=plan["stops"][1]["tree_id"], litres=150)
    assert (late.status_code, late.json()["type"]) == (409, "urn:stadtwart:problem:other-version")
    put_on = change(parks, changed.json(), tree_id=plan["left_out"][0]["tree_id"], included=True)
    assert put_on.status_code == 200, put_on.text
    added = put_on.json()["stops"][-1]
    assert (added["number"], added["changed_by_person"]) == ("B001", True)
    assert change(parks, put_on.json(), tree_id="999999", litres=5).status_code == 404
    assert change(parks, put_on.json(), tree_id="1", reason="", litres=5).status_code == 422
    assert events(dry) == ["plan.drafted", "plan.changed", "plan.changed"]


def test_a_plan_is_approved_once_and_taken_back(dry: CityServer, parks: httpx.Client) -> None:
    plan = ask_plan(parks)
    approved = approve(parks, plan)
    assert (approved["state"], approved["ai_label"]["human_status"]) == ("approved", "confirmed")
    again = {"seen_version": approved["version"], "seconds_spent": 1}
    answer = parks.post(f"/plans/{plan['plan_id']}/approval", json=again)
    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "urn:stadtwart:problem:plan-decided",
    )
    assert change(parks, approved, tree_id=plan["stops"][0]["tree_id"], litres=5).status_code == 409
    back = parks.post(f"/plans/{plan['plan_id']}/undo")
    assert (back.status_code, back.json()["state"]) == (201, "draft")
    assert parks.post(f"/plans/{plan['plan_id']}/undo").status_code == 409
    given = {"seen_version": back.json()["version"], "reason": "rain is coming"}
    rejected = parks.post(f"/plans/{plan['plan_id']}/rejection", json=given)
    assert (rejected.status_code, rejected.json()["state"]) == (201, "rejected")
    assert rejected.json()["decision_reason"] == "rain is coming"
    kinds = ["plan.drafted", "plan.approved", "plan.undone", "plan.rejected"]
    assert events(dry) == kinds


def test_the_database_refuses_tours_of_a_plan_nobody_approved(
    dry: CityServer, parks: httpx.Client
) -> None:
    plan = ask_plan(parks)
    answer = parks.post(f"/plans/{plan['plan_id']}/tours")
    assert (answer.status_code, answer.json()["type"]) == (
        409,
        "urn:stadtwart:problem:plan-not-approved",
    )
    approval = approve(parks, plan)
    assert approval["state"] == "approved"
    parks.post(f"/plans/{plan['plan_id']}/undo")
    with psycopg.connect(dry.database_url, autocommit=True) as owner:
        (approval_id,) = owner.execute(
            "SELECT decision_id FROM plan_decision WHERE kind = 'approved'"
        ).fetchone() or (None,)
        values = {"plan": plan["plan_id"], "approval": approval_id}
        with pytest.raises(psycopg.Error, match="no tour without a person's approval") as refused:
            owner.execute(
                "INSERT INTO tour_run (job_id, plan_id, approval_id, asked_by)"
                " VALUES (gen_random_uuid(), %(plan)s, %(approval)s, 'parks:token')",
                values,
            )
        assert refused.value.sqlstate == "SW222"
        with pytest.raises(psycopg.errors.CheckViolation):
            owner.execute(
                "UPDATE watering_plan SET state = 'approved' WHERE plan_id = %(plan)s", values
            )
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute(
                "UPDATE watering_plan SET state = 'approved', approval_id = 999"
                " WHERE plan_id = %(plan)s",
                values,
            )
        with pytest.raises(psycopg.Error, match="append-only"):
            owner.execute("DELETE FROM plan_decision")


def test_a_decision_without_its_event_is_found(dry: CityServer, parks: httpx.Client) -> None:
    plan = approve(parks, ask_plan(parks))
    parks.post(f"/plans/{plan['plan_id']}/undo")
    with psycopg.connect(dry.database_url, autocommit=True) as owner:
        assert list(cross_findings(owner)) == []
        owner.execute(
            "INSERT INTO plan_decision (plan_id, kind, seen_version, decided_by)"
            " VALUES (%s, 'approved', 3, 'behind the desk')",
            [plan["plan_id"]],
        )
        assert list(cross_findings(owner)) == ["plan decision 3 has no event in the outbox"]


def test_what_was_approved_cannot_be_changed_behind_the_persons_back(
    dry: CityServer, parks: httpx.Client
) -> None:
    plan = approve(parks, ask_plan(parks))
    with psycopg.connect(dry.database_url, autocommit=True) as owner:
        for statement in (
            "UPDATE watering_plan_stop SET litres = 5000",
            "DELETE FROM watering_plan_stop",
        ):
            with pytest.raises(psycopg.Error, match="its trees no longer change"):
                owner.execute(statement.encode())
    assert parks.get(f"/plans/{plan['plan_id']}").json() == plan


def test_a_broken_vehicle_is_left_out_of_new_plans(dry: CityServer, parks: httpx.Client) -> None:
    listed = parks.get("/vehicles").json()["items"]
    assert [(one["vehicle_id"], one["tank_l"]) for one in listed] == [
        ("gross", 12000),
        ("klein", 1400),
    ]
    broken = parks.patch("/vehicles/gross", json={"working": False})
    assert (broken.status_code, broken.json()["working"]) == (200, False)
    assert ask_plan(parks)["vehicle_ids"] == ["klein"]
    assert parks.patch("/vehicles/none", json={"working": True}).status_code == 404
    wrong = parks.post("/plans", json={"for_day": "2026-07-14", "vehicle_ids": ["none"]})
    assert wrong.status_code == 422
    assert "gross, klein" in wrong.json()["detail"]
    assert events(dry)[0] == "vehicle.working"
