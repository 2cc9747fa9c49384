"""Work orders on the page: only for confirmed damages, one or many, completed or cancelled."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.web.desk import Desk
from tests.web.town import FOUR, POTHOLE


def confirm_all(desk: Desk) -> list[int]:
    """Confirm every damage through the API, as a colleague did before."""
    numbers = [int(item["damage_id"]) for item in desk.city.ask("GET", "/damages")["items"]]
    for number in numbers:
        verdict = {"verdict": "confirmed", "reason": None, "seen_verdict_id": None}
        path = f"/damages/{number}/verdicts"
        desk.city.ask("POST", path, message=verdict | {"seconds_spent": 3})
    return numbers


def test_a_damage_without_verdict_cannot_be_ordered_and_the_button_says_why(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    button = desk.page.locator("#order")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(button).to_have_accessible_description(
        "Ein Auftrag geht erst, wenn ein Mensch den Schaden bestätigt hat."
    )
    desk.press("o")
    expect(desk.toast).to_contain_text("ein Mensch den Schaden bestätigt")
    expect(desk.page.locator("#order-dialog")).to_be_hidden()


def test_several_confirmed_damages_become_one_order(desk: Desk) -> None:
    desk.city.drive_by(*FOUR)
    confirm_all(desk)
    desk.open(query="?state=confirmed")
    desk.press("x", "j", "x")
    expect(desk.page.locator("#basket")).to_contain_text("2 ausgewählt")
    desk.page.get_by_role("button", name="Alle bestätigten auswählen").click()
    expect(desk.page.locator("#basket")).to_contain_text("4 ausgewählt")
    desk.press("o")
    expect(desk.page.locator("#order-damages")).to_contain_text("4 bestätigte Schäden")
    desk.page.get_by_label("Kolonne").fill("Bauhof Ost")
    desk.page.get_by_label("Fällig am").fill("2099-03-31")
    desk.page.locator("#order-form [type=submit]").click()
    expect(desk.page.locator("#damage-list .badge--ordered")).to_have_count(4)
    expect(desk.page.locator("#basket")).to_be_hidden()
    order = desk.city.ask("GET", "/work-orders")["items"][0]
    assert (order["team"], order["due_on"], len(order["damage_ids"])) == (
        "Bauhof Ost",
        "2099-03-31",
        4,
    )


def test_a_cancelled_order_gives_its_damages_back(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    numbers = confirm_all(desk)
    order = {"title": "Ahornstraße", "damage_ids": numbers, "team": "3", "due_on": "2020-01-31"}
    desk.city.ask("POST", "/work-orders", message=order | {"note": None})
    desk.open()
    desk.page.get_by_role("link", name="Aufträge").click()
    expect(desk.page.locator(".order")).to_contain_text("überfällig")
    desk.page.get_by_role("button", name="Stornieren").click()
    desk.page.get_by_label("Warum wird storniert?").fill("Straße wird ohnehin erneuert")
    desk.page.locator("#close-save").click()
    expect(desk.toast).to_contain_text("wieder bestätigt")
    desk.page.locator("#orders-state").select_option("cancelled")
    expect(desk.page.locator(".order")).to_contain_text("storniert")
    assert desk.city.damage_on("Ahornstraße")["state"] == "confirmed"


def test_an_order_leads_to_its_damages_and_a_damage_to_its_log(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    numbers = confirm_all(desk)
    order = {"title": "Ahornstraße", "damage_ids": numbers, "team": "3", "due_on": None}
    desk.city.ask("POST", "/work-orders", message=order | {"note": None})
    desk.open()
    desk.page.get_by_role("link", name="Aufträge").click()
    desk.page.locator(".order__damage").click()
    expect(desk.state).to_have_text("beauftragt")
    desk.press("c")
    expect(desk.toast).to_contain_text("Erst den Auftrag stornieren")
    desk.page.get_by_role("link", name="Prüfprotokoll dieses Schadens").click()
    expect(desk.page.locator('.event[data-type="verdict.given"]')).to_have_count(1)
    expect(desk.page.locator('.event[data-type="work_order.created"]')).to_have_count(1)
    desk.page.locator("details", has_text="JSON").first.locator("summary").click()
    expect(desk.page.locator(".event pre").first).to_contain_text('"type": "')
    desk.page.go_back()
    expect(desk.title).to_contain_text("Schlagloch")
