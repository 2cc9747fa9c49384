"""A tour on the phone: it works without a network, sends once, and changes tomorrow's balance."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.web.garden import Garden


def open_tour(garden: Garden, *, by_form: bool = False) -> dict[str, Any]:
    """Open the first tour on the phone, drive off the depot, and return the tour."""
    tour = garden.tours()[0]
    page = garden.page
    page.set_viewport_size({"width": 390, "height": 844})
    if by_form:
        page.goto(f"{garden.city.url}/tour/{tour['tour_id']}")
        page.get_by_label("Zugangsschlüssel").fill(garden.city.tokens["parks"])
        page.get_by_role("button", name="Anmelden").click()
    else:
        page.goto(garden.city.login_link("parks", f"tour/{tour['tour_id']}"))
    page.wait_for_selector("html[data-offline=ready]")
    while tour["stops"][0]["kind"] != "tree":
        page.locator("[data-outcome=passed]").click()
        expect(page.locator(f'[data-seq="{tour["stops"].pop(0)["seq"]}"]')).to_contain_text("✓")
    expect(page.locator("[data-outcome=watered]")).to_be_visible()
    return tour


def test_reported_without_a_network_it_arrives_once_and_tomorrow_is_wetter(garden: Garden) -> None:
    tour = open_tour(garden)
    stop = tour["stops"][0]
    before = garden.tree(stop["number"])
    garden.page.context.set_offline(True)
    garden.page.locator("#phone-litres").fill("120")
    garden.page.locator("[data-outcome=watered]").click()
    sync = garden.page.locator("#phone-sync")
    expect(sync).to_have_attribute("data-waiting", "1")
    garden.page.get_by_role("button", name="Jetzt senden").click()
    expect(sync).to_have_attribute("data-state", "offline")
    garden.page.reload()
    expect(sync).to_contain_text("1 Meldung wartet")
    expect(garden.page.locator("#phone-next-title")).not_to_contain_text(stop["number"])
    garden.page.context.set_offline(False)
    expect(sync).to_have_attribute("data-state", "sent")
    garden.page.reload()
    expect(sync).to_have_attribute("data-state", "sent")
    after = garden.tree(stop["number"])
    assert [one["litres"] for one in after["waterings"]].count(120) == 1
    tomorrow = next(day for day in before["curve"] if day["forecast"])
    garden.next_morning()
    dried = garden.tree(stop["number"])
    assert dried["rew"]["q50"] > tomorrow["q50"] + 0.1
    garden.open(query=f"&tree={stop['tree_id']}")
    expect(garden.page.locator(".curve")).to_contain_text("120 L")


def test_a_wrong_press_is_taken_back_and_never_sent(garden: Garden) -> None:
    tour = open_tour(garden, by_form=True)
    stop = tour["stops"][0]
    page = garden.page
    link = page.locator("#phone-next a")
    assert (link.get_attribute("href") or "").startswith("geo:51.48")
    assert garden.stumbles() == {}
    page.locator("[data-outcome=dead]").click()
    expect(page.locator("#phone-undo")).to_contain_text("Baum tot")
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.locator("#phone-next-title")).to_contain_text(stop["number"])
    page.locator('[data-outcome="not reachable"]').click()
    page.get_by_role("button", name="Jetzt senden").click()
    expect(page.locator("#phone-sync")).to_have_attribute("data-state", "sent")
    reports = garden.ask("GET", f"/tours/{tour['tour_id']}")["stops"]
    given = [one["report"]["outcome"] for one in reports if one["report"]]
    assert given == ["not reachable"]
    page.locator("[data-language=en]").click()
    expect(page.locator("#phone-stops-title")).to_have_text("All stops")
    expect(page.locator("#phone-sync")).to_have_text("all sent")
