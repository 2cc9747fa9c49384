"""The page can be used without a mouse, without colours and with a screen reader."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.desk import Desk
from tests.web.town import FOUR, photograph

PROBE = (Path(__file__).parent / "probe.js").read_text(encoding="utf-8")
FOCUS = """() => {
    const node = document.activeElement;
    const name = node.dataset.verdict ?? node.getAttribute("href") ?? "";
    return [name, getComputedStyle(node).outlineStyle];
}"""


def stumbles(desk: Desk) -> dict[str, list[str]]:
    """Return what the probe found, without what is as it should be."""
    found: dict[str, list[str]] = desk.page.evaluate(PROBE)
    return {name: items for name, items in found.items() if items}


@pytest.fixture
def full_desk(desk: Desk) -> Desk:
    """Open a desk with four damages and two pictures."""
    desk.city.drive_by(*FOUR, pictures=[photograph(1), photograph(2)])
    desk.open()
    expect(desk.page.locator(".history").first).to_be_visible()
    desk.wait_for_map()
    return desk


@pytest.mark.parametrize("view", ["damages", "orders", "audit"])
def test_every_view_has_names_headings_and_contrast(full_desk: Desk, view: str) -> None:
    page = full_desk.page
    page.locator(f"[data-view={view}]").click()
    expect(page.locator(f"#view-{view}")).to_be_visible()
    page.wait_for_timeout(500)
    assert stumbles(full_desk) == {}
    assert page.locator("h1").count() == 1
    assert page.locator("main").count() == 1
    assert page.locator("html").get_attribute("lang") == "de"


@pytest.mark.parametrize("key", ["n", "u", "?"])
def test_panels_and_dialogs_have_names_and_contrast(full_desk: Desk, key: str) -> None:
    full_desk.press(key)
    full_desk.page.wait_for_timeout(200)
    assert stumbles(full_desk) == {}


def test_a_decision_is_spoken_and_the_focus_stays_where_the_hand_is(full_desk: Desk) -> None:
    button = full_desk.page.locator('[data-verdict="confirmed"]')
    button.focus()
    full_desk.press("Enter")
    expect(full_desk.page.locator("#live")).to_contain_text("bestätigt")
    expect(button).to_be_focused()


def test_walking_through_the_list_moves_the_focus_with_it(full_desk: Desk) -> None:
    full_desk.page.locator(".row__open").first.focus()
    full_desk.press("j")
    expect(full_desk.page.locator(".row__open").nth(1)).to_be_focused()
    expect(full_desk.page.locator("#live")).to_contain_text("2 von 4")


def test_the_tabulator_reaches_verdict_register_and_objection_and_shows_where_it_is(
    desk: Desk,
) -> None:
    desk.city.drive_by(*FOUR)
    desk.open()
    objection = desk.page.get_by_role("link", name="Dieser Einschätzung widersprechen")
    address = objection.get_attribute("href")  # waits for the damage's history
    reached = []
    for _ in range(40):
        desk.press("Tab")
        reached.append(desk.page.evaluate(FOCUS))
    assert ["confirmed", "solid"] in reached
    assert ["/register", "solid"] in reached
    assert [address, "solid"] in reached
    desk.page.goto(f"{desk.city.url}{address}")
    number = str(address).split("number=")[1].split("&")[0]
    expect(desk.page.locator("#text")).to_have_value(f"Schaden Nr. {number}: ")


def test_a_dialog_gives_the_focus_back(full_desk: Desk) -> None:
    full_desk.page.locator("#keys-open").focus()
    full_desk.press("Enter")
    expect(full_desk.page.locator("#keys-dialog")).to_be_visible()
    full_desk.press("Escape")
    expect(full_desk.page.locator("#keys-open")).to_be_focused()
