"""Six in the morning: which trees, how many litres, by when, and why."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.web.garden import TREES, Garden

GERMAN = r"\w*[äöüß]\w*| der | und | nicht |Gießen|Baum|Wasser"
NAMES = ("Ahornstraße", "Weststadt", "Oststadt", "Prüfstadt, erfunden für Tests (CC0)", "Prüfstadt")


def says_what_it_is(garden: Garden) -> None:
    """Expect the strip: computed, by what, from which weather, simulated."""
    strip = garden.page.locator("#view-trees .water-status")
    expect(strip).to_contain_text("Wasserbilanz (Modell)")
    expect(strip).to_contain_text("berechnet, nicht gemessen")
    expect(strip).to_contain_text("gemessen bis")
    expect(strip).to_contain_text(f"{TREES} Bäume")
    expect(strip).to_contain_text("simuliert")


def test_the_driest_tree_stands_first_with_reasons_litres_and_its_curve(garden: Garden) -> None:
    garden.open()
    says_what_it_is(garden)
    page = garden.page
    expect(page.locator("#tree-list .row")).to_have_count(TREES)
    first = garden.ask("GET", "/trees?order=urgency&limit=1")["items"][0]
    expect(page.locator("#tree-list .row").first).to_contain_text(first["number"])
    expect(page.locator("#tree-title")).to_contain_text(first["common_name_de"])
    expect(page.locator(".why li").first).to_be_visible()
    expect(page.locator(".curve .curve__model")).to_have_attribute("d", re.compile("^M.*L"))
    expect(page.locator(".curve .curve__band")).to_have_count(1)
    expect(page.locator(".ai-label").first).to_contain_text("Von KI erzeugt")
    page.get_by_text("Kurve als Tabelle").click()
    expect(page.locator(".curve-table tbody tr")).to_have_count(28)


def test_a_tree_is_found_by_its_number_and_an_empty_search_leads_back(garden: Garden) -> None:
    garden.open()
    page = garden.page
    garden.press("/")
    page.keyboard.type("113")
    expect(page.locator("#tree-list .row")).to_have_count(1)
    expect(page.locator("#tree-title")).to_be_visible()
    assert re.search(r"q=113&tree=\d+", page.url)
    page.locator("#tree-search").fill("keiner")
    page.get_by_role("button", name="Filter und Suche zurücksetzen").click()
    expect(page.locator("#tree-list .row")).to_have_count(TREES)
    page.locator("#tree-filters [name=district_id]").select_option("west")
    expect(page.locator("#tree-list .row")).to_have_count(8)


def test_trying_litres_by_keyboard_draws_a_second_curve_and_a_later_day(garden: Garden) -> None:
    garden.open()
    expect(garden.page.locator(".curve")).to_be_visible()
    first = garden.ask("GET", "/trees?limit=1")["items"][0]
    before = len(garden.ask("GET", f"/trees/{first['tree_id']}")["waterings"])
    garden.press("g", "End")
    expect(garden.page.locator(".what-if__answer")).to_contain_text("Mit 400 L")
    expect(garden.page.locator(".curve .curve__with")).to_have_attribute("d", re.compile("^M.*L"))
    assert len(garden.ask("GET", f"/trees/{first['tree_id']}")["waterings"]) == before


def test_the_keyboard_walks_and_one_key_makes_the_page_english(garden: Garden) -> None:
    garden.open()
    page = garden.page
    page.locator("#tree-list .row__open").first.focus()
    garden.press("j")
    expect(page.locator("#tree-list .row__open").nth(1)).to_be_focused()
    expect(page.locator("#live")).to_contain_text(f"2 von {TREES}")
    expect(page.locator(".why li").first).to_be_visible()
    garden.press("l")
    expect(page.locator("#tree-empty, #tree-body").filter(visible=True)).to_contain_text("Dry by")
    text = page.locator("#view-trees").inner_text()
    for name in NAMES:
        text = text.replace(name, "")
    assert re.findall(GERMAN, text) == []


def test_the_parks_views_have_names_headings_and_contrast(garden: Garden) -> None:
    garden.plan()
    garden.open()
    for view, ready in (("trees", ".curve"), ("plans", "#plan-stops"), ("skill", "#skill-table")):
        garden.page.locator(f"[data-view={view}]").click()
        garden.page.locator(ready).wait_for(state="attached")
        assert garden.stumbles() == {}, view


def test_a_watering_nobody_planned_is_written_down(garden: Garden) -> None:
    garden.open(query="&q=105")
    page = garden.page
    page.get_by_text("Gießung nachtragen").click()
    page.locator(".watering-form [name=litres]").fill("60")
    page.locator(".watering-form [name=by_kind]").select_option("citizen")
    page.locator(".watering-form [type=submit]").click()
    expect(garden.toast).to_contain_text("60 L eingetragen")
    expect(page.locator("#tree-body")).to_contain_text("60 L")
    given = [(one["litres"], one["by_kind"]) for one in garden.tree("105")["waterings"]]
    assert given.count((60, "citizen")) == 1


def test_the_auditor_reads_along_and_the_road_department_sees_no_trees(garden: Garden) -> None:
    garden.open(role="auditor")
    page = garden.page
    expect(page.locator(".curve")).to_be_visible()
    expect(page.locator(".watering-form")).to_have_count(0)
    page.get_by_role("button", name="Abmelden").click()
    expect(page.locator("#sign-in")).to_be_visible()
    garden.page.goto(garden.city.login_link("road", "?view=trees"))
    expect(page.locator("#view-damages")).to_be_visible()
    expect(page.locator("[data-view=trees]")).to_be_hidden()
