"""A plan is a proposal: a person changes, approves or rejects it, and only then there are tours."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import httpx
from playwright.sync_api import expect

from tests.web.garden import Garden

LOOK_AGAIN_MS = 21_000  # the page asks for reports every twenty seconds


def test_a_plan_is_made_changed_with_a_reason_and_the_change_taken_back(garden: Garden) -> None:
    garden.open("plans")
    page = garden.page
    expect(page.locator("#plan-list-notice")).to_contain_text("Noch kein Plan")
    page.get_by_role("button", name="Plan machen").click()
    expect(page.locator(".plan-vehicle")).to_have_count(2)
    page.get_by_role("button", name="Plan berechnen").click()
    boxes = page.locator("#plan-stops tbody input")
    expect(boxes.first).to_be_visible()
    boxes.first.click()
    page.locator("#stop-save").click()
    expect(page.locator("#stop-error")).to_contain_text("Begründung")
    page.get_by_role("button", name="Baustelle").click()
    page.locator("#stop-save").click()
    expect(page.locator(".plan-table__out")).to_have_count(1)
    expect(page.locator("#plan-stops")).to_contain_text("von Hand geändert")
    garden.press("z")
    expect(page.locator(".plan-table__out")).to_have_count(0)


def test_other_litres_count_into_the_sum(garden: Garden) -> None:
    plan = garden.plan()
    garden.open("plans")
    page = garden.page
    page.locator("#plan-stops tbody .button--plain").first.click()
    page.locator("#stop-litres").fill("33")
    page.locator("#stop-reason").fill("kleiner Baum")
    page.keyboard.press("Enter")
    expect(page.locator("#plan-stops")).to_contain_text("33 L")
    changed = garden.ask("GET", f"/plans/{plan['plan_id']}")
    assert changed["litres_total"] < plan["litres_total"]
    assert changed["version"] > plan["version"]


def test_a_person_approves_takes_it_back_and_rejects_with_a_reason(garden: Garden) -> None:
    plan = garden.plan()
    garden.open("plans")
    page = garden.page
    expect(page.locator(".plan-decision")).to_contain_text("Zuletzt entscheidet ein Mensch")
    expect(page.locator("#tours-body")).to_contain_text("erst aus einem freigegebenen Plan")
    garden.press("b")
    expect(page.locator("#plan-title .badge")).to_have_text("freigegeben")
    garden.press("z")
    expect(page.locator("#plan-title .badge")).to_have_text("Entwurf")
    garden.press("n")
    page.locator("#reject-reason").fill("Regen kommt")
    page.locator("#reject-form [type=submit]").click()
    expect(page.locator("#plan-title .badge")).to_have_text("abgelehnt")
    assert garden.ask("GET", f"/plans/{plan['plan_id']}")["state"] == "rejected"


def test_a_colleague_was_quicker_and_the_page_shows_the_plan_as_it_is(garden: Garden) -> None:
    plan = garden.plan()
    garden.open("plans")
    expect(garden.page.locator("#plan-stops tbody input").first).to_be_visible()
    change = {"tree_id": plan["stops"][0]["tree_id"], "included": False, "reason": "Baustelle"}
    path = f"/plans/{plan['plan_id']}/stops"
    garden.ask("PATCH", path, change | {"seen_version": plan["version"]})
    garden.press("b")
    expect(garden.toast).to_contain_text("hat sich inzwischen geändert")
    expect(garden.page.locator(".plan-table__out")).to_have_count(1)
    expect(garden.page.locator("#plan-title .badge")).to_have_text("Entwurf")


def test_tours_have_tables_files_and_a_way_on_when_a_vehicle_fails(garden: Garden) -> None:
    plan = garden.plan(approved=True)
    page = garden.page
    page.clock.install()
    garden.open("plans")
    page.get_by_role("button", name="Touren berechnen").click()
    tour = page.locator(".tour").first
    expect(tour).to_be_visible()
    stops = tour.locator("summary")
    stops.focus()
    garden.press("Enter")
    expect(tour.locator("tbody tr", has_text="Ahornstraße").first).to_be_visible()
    _report_first_tree(garden, plan["plan_id"])
    page.clock.fast_forward(LOOK_AGAIN_MS)
    expect(tour).to_contain_text("1 von")
    expect(stops).to_be_focused()
    garden.press("l")
    expect(stops).to_contain_text("stops")
    expect(stops).to_be_focused()
    expect(tour.locator("tbody tr").first).to_be_visible()
    garden.press("l")
    expect(stops).to_contain_text("Halte")
    cookies = {one["name"]: one["value"] for one in page.context.cookies()}
    for link in tour.locator("a.button").all():
        address = garden.city.url + (link.get_attribute("href") or "")
        assert httpx.get(address, cookies=cookies, timeout=60).is_success, address
    failed = tour.get_by_role("button", name="Fahrzeug ausgefallen")
    failed.focus()
    garden.press("Enter", "Escape")
    expect(failed).to_be_focused()
    garden.press("Enter")
    page.locator("#fail-reason").fill("Pumpe defekt")
    page.locator("#fail-save").click()
    expect(page.locator('.tour[data-state="failed"]')).to_have_count(1)
    expect(page.locator('.tour[data-state="planned"]').first).to_be_visible()
    expect(page.locator('.tour[data-state="failed"] summary')).to_be_focused()


def _report_first_tree(garden: Garden, plan_id: int) -> None:
    """Report one tree of the first tour as watered, as a crew's phone does."""
    tour = garden.ask("GET", f"/plans/{plan_id}/tours")["tours"][0]
    stop = next(stop for stop in tour["stops"] if stop["kind"] == "tree")
    given = {"tree_id": stop["tree_id"], "outcome": "watered", "litres": 80}
    path = f"/tours/{tour['tour_id']}/reports/{uuid4()}"
    garden.ask("PUT", path, given | {"at": datetime.now(UTC).isoformat()})
