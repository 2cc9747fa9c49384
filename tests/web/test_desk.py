"""Filters, addresses, languages, outages: the desk around the decisions."""

from __future__ import annotations

import io
import re
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import psycopg
from PIL import Image
from playwright.sync_api import Page, expect

from tests.web.desk import Desk
from tests.web.service import wait_until
from tests.web.town import FOUR, LONG_CRACK, POTHOLE, photograph

ORANGE = (0xB9, 0x48, 0x0A)  # --state-waiting
RECENT, NEVER = (0x0B, 0x3C, 0x8C), (0x4C, 0x54, 0x69)  # lines of static/assessed.js


def test_an_empty_city_says_what_to_do(desk: Desk) -> None:
    desk.open()
    expect(desk.page.locator("#list-notice")).to_contain_text(
        "kein Schaden wartet", ignore_case=True
    )
    desk.page.get_by_role("button", name="Alle Schäden zeigen").click()
    expect(desk.page.locator("#list-notice")).to_contain_text("./start demo")


def test_a_filter_without_result_offers_the_way_back(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open(query="?damage_class=D20")
    desk.page.get_by_role("button", name="Art und Stadtteil zurücksetzen").click()
    expect(desk.page.locator("#damage-list .row")).to_have_count(1)
    expect(desk.page.locator("[name=damage_class]")).to_have_value("")


def test_an_address_can_be_shared_with_filters_and_damage(desk: Desk) -> None:
    desk.city.drive_by(*FOUR)
    desk.open()
    desk.page.locator("#filters [name=district_id]").select_option("west")
    expect(desk.page.locator("#damage-list .row")).to_have_count(3)
    desk.choose("Lindenweg")
    address = desk.page.url
    damage_id = desk.city.damage_on("Lindenweg")["damage_id"]
    other = desk.page.context.new_page()
    other.goto(address)
    expect(other.locator("#damage-list .row")).to_have_count(3)
    expect(other.locator("#detail-title")).to_contain_text("Längsriss")
    assert "district_id=west" in address
    assert re.search(r"damage=\d+", address)
    assert damage_id is not None


def test_a_shared_damage_opens_even_outside_the_filter(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    damage_id = desk.city.damage_on("Ahornstraße")["damage_id"]
    desk.open(query=f"?state=repaired&damage={damage_id}")
    expect(desk.title).to_contain_text("Schlagloch")
    desk.page.goto(f"{desk.city.url}/?damage=999999")
    expect(desk.page.locator("#detail-empty")).to_contain_text("gibt es nicht")


def test_one_key_switches_the_language_and_the_browser_remembers(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    desk.press("l")
    expect(desk.title).to_contain_text("Pothole")
    expect(desk.page.locator("html")).to_have_attribute("lang", "en")
    expect(desk.page.get_by_role("button", name="Confirm C")).to_be_visible()
    expect(desk.page.locator("#simulated")).to_contain_text("Simulated data")
    desk.page.reload()
    expect(desk.title).to_contain_text("Pothole")
    desk.press("l")
    expect(desk.title).to_contain_text("Schlagloch")


def test_no_german_word_is_left_on_the_english_page(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    german = _texts(desk.page)
    desk.press("l")
    expect(desk.title).to_contain_text("Pothole")
    same = " ".join(sorted(_texts(desk.page) & german))
    for name in ("Ahornstraße", "Weststadt", "Prüfstadt, erfunden für Tests (CC0)", "Prüfstadt"):
        same = same.replace(name, "")
    assert re.findall(r"\w*[äöüß]\w*| der | und |Schaden|wartet", same) == []


def test_the_picture_is_described_in_the_chosen_language_and_opened_once(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE, pictures=[photograph(1)])
    desk.open()
    desk.press("l")
    expect(desk.page.locator("#detail img")).to_have_attribute("alt", re.compile("Pothole in the"))
    assert desk.city.event_types().count("picture.opened") == 1


def test_the_map_draws_the_waiting_damages(desk: Desk) -> None:
    desk.city.drive_by(*FOUR)
    desk.open(query="?damage=0")
    desk.wait_for_map()
    desk.press("m")
    wait_until(lambda: ORANGE in colours_of_the_map(desk))


def test_a_street_nobody_looked_at_is_unknown_on_map_and_page_and_never_sound(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open(query="?damage=0")
    desk.wait_for_map()
    desk.press("m", "a")
    legend, button = desk.page.locator("#assessed-legend"), desk.page.locator("#assessed")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(legend).to_contain_text("Noch ist kein Abschnitt beurteilt")
    expect(legend.locator("li", has_text="nie beurteilt oder unbekannt")).to_contain_text("3")
    desk.page.locator("#legend summary").click()  # its samples have the same colours
    wait_until(lambda: NEVER in colours_of_the_map(desk))
    assert RECENT not in colours_of_the_map(desk)
    desk.city.ask("POST", "/coverage", role="vehicle", message=looked_at())
    button.click()
    expect(legend).to_be_hidden()
    wait_until(lambda: NEVER not in colours_of_the_map(desk))
    desk.press("a")
    expect(legend.locator("li", has_text="vor höchstens 30 Tagen")).to_contain_text("1 Abschnitt")
    expect(legend.locator("li", has_text="kein Schaden gefunden")).to_contain_text("1 Abschnitt")
    expect(legend.locator(".legend__empty")).to_have_count(0)
    expect(desk.page.locator("#live")).to_contain_text("1 beurteilt, 2 nicht oder unbekannt")
    desk.page.locator("#legend summary").click()
    wait_until(lambda: {NEVER, RECENT} <= colours_of_the_map(desk))
    desk.choose("Ahornstraße")
    last = desk.page.locator("[data-assessed=partly]")
    expect(last).to_contain_text("(heute) mindestens 14 % der Länge")
    expect(desk.page.locator("#detail")).to_contain_text("Regen auf dem Bild 70 m")
    desk.press("l")
    expect(last).to_contain_text("(today) at least 14 % of its length")
    desk.page.locator("#legend summary").click()
    expect(legend).to_contain_text("never assessed or unknown")


def looked_at() -> dict[str, object]:
    """Return what trucks looked at today: all of the Marktgasse, little of the Ahornstraße."""
    rows: list[tuple[str, float, dict[str, float]]] = [
        ("s0", 100.0, {"rain": 70.0}),
        ("s2", 550.0, {}),
    ]
    segments = [
        {"segment_id": key, "assessed_m": metres, "covered_m": metres, "unassessed_m": missed}
        for key, metres, missed in rows
    ]
    day = datetime.now(ZoneInfo("Europe/Berlin")).date()
    return {"coverage_id": uuid4(), "day": day, "simulated": True, "segments": segments}


def colours_of_the_map(desk: Desk) -> set[object]:
    shot = Image.open(io.BytesIO(desk.page.locator("#map canvas").screenshot())).convert("RGB")
    return {colour for _, colour in shot.getcolors(shot.width * shot.height) or []}


def test_while_the_database_is_away_the_page_reads_on_and_recovers(
    desk: Desk, database_url: str
) -> None:
    desk.city.drive_by(POTHOLE, LONG_CRACK)
    desk.open()
    name = database_url.split("?")[0].rsplit("/", 1)[1]
    server = database_url.replace(f"/{name}", "/postgres")
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name]
        )
        desk.press("c")
        expect(desk.page.locator("#outage")).to_contain_text("nur lesen")
        expect(desk.page.locator("#damage-list .row")).to_have_count(2)
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    # a request that waited for the database may have brought the page back already
    desk.page.locator("#outage-retry").dispatch_event("click")
    expect(desk.page.locator("#outage")).to_be_hidden(timeout=20_000)
    expect(desk.page.locator("#damage-list")).to_have_attribute("aria-busy", "false")
    desk.press("c")
    expect(desk.page.locator("#damage-list .badge--confirmed")).to_have_count(1)


def test_a_map_that_does_not_load_stops_nobody_and_is_tried_again(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.page.route("**/map.js", lambda route: route.abort(), times=1)
    desk.open()
    expect(desk.page.locator("#map-error")).to_contain_text("nicht geladen")
    desk.press("c")
    expect(desk.page.locator("#damage-list .badge--confirmed")).to_have_count(1)
    desk.wait_for_map()
    expect(desk.page.locator("#map-error")).to_be_hidden()


def test_a_payload_in_reason_title_and_team_stays_text(desk: Desk) -> None:
    payload = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>'
    desk.city.drive_by(POTHOLE, LONG_CRACK)
    desk.open()
    desk.choose("Lindenweg")
    desk.press("u", "0")
    desk.page.keyboard.type(payload)
    desk.press("Enter")
    desk.choose("Lindenweg")
    expect(desk.page.locator(".quote")).to_have_text(payload)
    desk.choose("Ahornstraße")
    desk.page.get_by_label("den nächsten öffnen").uncheck()
    desk.press("c")
    expect(desk.state).to_have_text("bestätigt")
    desk.press("o")
    desk.page.get_by_label("Titel").fill(payload)
    desk.page.get_by_label("Kolonne").fill(payload)
    desk.page.get_by_label("Hinweis").fill(payload)
    desk.page.locator("#order-form [type=submit]").click()
    expect(desk.state).to_have_text("beauftragt")
    expect(desk.toast).to_contain_text(payload)
    desk.page.get_by_role("link", name="Aufträge").click()
    expect(desk.page.locator(".order h3")).to_contain_text(payload)
    desk.page.get_by_role("link", name="Prüfprotokoll").click()
    expect(desk.page.locator(".event").first).to_be_visible()
    assert desk.page.evaluate("window.broken") is None
    assert desk.page.locator("img[src=x]").count() == 0


def test_the_page_fits_a_phone(desk: Desk) -> None:
    desk.city.drive_by(*FOUR)
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.open()
    assert desk.page.evaluate("document.documentElement.scrollWidth") <= 390
    expect(desk.page.get_by_role("button", name="Bestätigen")).to_be_in_viewport()
    desk.page.get_by_role("button", name="Bestätigen").click()
    expect(desk.page.locator("#damage-list .badge--confirmed")).to_have_count(1)


def _texts(page: Page) -> set[str]:
    found: list[str] = page.evaluate(
        """() => {
            const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
            const texts = [];
            while (walk.nextNode()) texts.push(walk.currentNode.textContent.trim());
            return texts;
        }"""
    )
    return {text for text in found if text}
