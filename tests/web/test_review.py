"""A reviewer decides damages by keyboard, and every decision is in the log."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.web.desk import Desk
from tests.web.service import wait_until
from tests.web.town import CROSS_CRACK, FOUR, LONG_CRACK, POTHOLE, Seen, photograph


def test_a_damage_is_confirmed_ordered_and_completed_by_keyboard_and_the_log_tells_it(
    desk: Desk,
) -> None:
    desk.city.drive_by(POTHOLE, pictures=[photograph(1)])
    desk.open()
    expect(desk.title).to_contain_text("Schlagloch")

    desk.press("c")
    expect(desk.state).to_have_text("bestätigt")
    desk.press("o")
    expect(desk.page.get_by_label("Titel")).to_have_value("Ahornstraße: Schlagloch")
    desk.page.keyboard.type("Kolonne 3")
    desk.press("Enter")
    expect(desk.state).to_have_text("beauftragt")

    desk.page.get_by_role("link", name="Aufträge").click()
    expect(desk.page.locator(".order")).to_contain_text("Kolonne 3")
    desk.page.get_by_role("button", name="Als erledigt melden").click()
    desk.page.keyboard.type("Kaltasphalt, 40 kg")
    desk.page.locator("#close-save").click()
    expect(desk.page.locator("#orders-notice")).to_contain_text("Kein offener Auftrag")

    desk.page.get_by_role("link", name="Prüfprotokoll").click()
    for kind in ("merge.run", "verdict.given", "work_order.created", "work_order.completed"):
        expect(desk.page.locator(f'.event[data-type="{kind}"]')).to_have_count(1)
    expect(desk.page.locator('.event[data-type="batch.accepted"]')).to_have_count(1)
    assert desk.city.damage_on("Ahornstraße")["state"] == "repaired"


def test_after_a_decision_the_next_undecided_damage_opens(desk: Desk) -> None:
    desk.city.drive_by(*FOUR)
    desk.open()
    seen = set()
    for left in (3, 2, 1, 0):
        seen.add(desk.page.locator("[aria-current=true] .row__name").inner_text())
        desk.press("b")
        expect(desk.page.locator("#damage-list .badge--waiting")).to_have_count(left)
    assert len(seen) == 4
    expect(desk.toast).to_contain_text("alles entschieden")
    wait_until(lambda: desk.city.ask("GET", "/summary")["confirmed"] == 4)


def test_the_last_decision_is_taken_back_with_one_key(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE, LONG_CRACK)
    desk.open()
    first = desk.title.inner_text()
    desk.press("c")
    expect(desk.title).not_to_have_text(first)
    desk.press("z")
    expect(desk.title).to_have_text(first)
    expect(desk.state).to_have_text("wartet")
    expect(desk.page.locator(".history .undone")).to_have_count(1)
    assert desk.city.ask("GET", "/summary")["waiting"] == 2
    assert desk.city.event_types()[0] == "verdict.undone"


def test_a_damage_that_is_none_needs_a_reason_and_one_number_gives_it(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    desk.press("n")
    expect(desk.page.get_by_text("Warum ist das kein Schaden?")).to_be_visible()
    desk.press("3")
    expect(desk.state).to_have_text("kein Schaden")
    expect(desk.page.locator(".quote")).to_have_text("Schachtdeckel")
    expect(desk.page.locator(".ai-label")).to_contain_text("Mensch: kein Schaden")


def test_own_words_are_a_reason_and_no_words_are_none(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    desk.press("u", "0", "Enter")
    expect(desk.page.locator("#reason-error")).to_contain_text("Begründung ist nötig")
    desk.page.keyboard.type("Pfütze, n und z sind hier nur Buchstaben")
    desk.press("Enter")
    expect(desk.state).to_have_text("unsicher")
    expect(desk.page.locator(".quote")).to_contain_text("nur Buchstaben")


def test_escape_leaves_the_reason_without_a_decision(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    desk.press("n", "Escape")
    expect(desk.page.locator("#reasons")).to_be_hidden()
    expect(desk.page.locator('[data-verdict="not a damage"]')).to_be_focused()
    assert "verdict.given" not in desk.city.event_types()


def test_a_held_key_decides_once(desk: Desk) -> None:
    desk.city.drive_by(*FOUR)
    desk.open()
    desk.page.keyboard.down("c")
    for _ in range(5):
        desk.page.keyboard.down("c")  # Chromium marks these as repeats
    desk.page.keyboard.up("c")
    expect(desk.page.locator("#damage-list .badge--confirmed")).to_have_count(1)
    desk.page.wait_for_timeout(500)
    assert desk.city.event_types().count("verdict.given") == 1


def test_a_colleague_was_quicker_and_the_page_shows_what_they_decided(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    damage_id = desk.city.damage_on("Ahornstraße")["damage_id"]
    verdict = {"verdict": "unsure", "reason": "zu dunkel", "seen_verdict_id": None}
    desk.city.ask("POST", f"/damages/{damage_id}/verdicts", message=verdict | {"seconds_spent": 2})
    desk.press("c")
    expect(desk.toast).to_contain_text("inzwischen geändert")
    expect(desk.state).to_have_text("unsicher")
    desk.press("c")
    expect(desk.state).to_have_text("bestätigt")


def test_arrows_walk_through_the_list_and_stop_at_its_end(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE, LONG_CRACK)
    desk.open()
    first = desk.title.inner_text()
    desk.press("ArrowDown")
    expect(desk.title).not_to_have_text(first)
    desk.press("j")
    expect(desk.toast).to_contain_text("Ende der Liste")
    desk.press("k")
    expect(desk.title).to_have_text(first)


def test_single_keys_can_be_switched_off(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    desk.press("?")
    desk.page.get_by_label("Einzeltasten verwenden").uncheck()
    desk.page.get_by_role("button", name="Schließen").click()
    desk.press("c")
    desk.page.wait_for_timeout(300)
    assert "verdict.given" not in desk.city.event_types()


# at one moment: the head of the page grows when its counts arrive
TOGETHER = """() => ["#detail img", ".picture__box rect:last-of-type"].map((one) => {
  const { x, y, width } = [...document.querySelectorAll(one)].at(-1).getBoundingClientRect();
  return { x, y, width };
})"""


def test_the_picture_shows_the_damage_in_a_frame_and_in_words(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE, pictures=[photograph(2)])
    desk.open()
    picture = desk.page.locator("#detail img")
    expect(picture).to_have_attribute("alt", re.compile("Schlagloch im Rahmen, Ahornstraße"))
    expect(desk.page.locator(".picture__box rect").last).to_be_visible()
    shown, box = desk.page.evaluate(TOGETHER)
    scale = shown["width"] / 640
    assert abs(box["x"] - shown["x"] - 250 * scale) < 4
    assert abs(box["y"] - shown["y"] - 180 * scale) < 4
    assert abs(box["width"] - 130 * scale) < 6
    assert desk.city.event_types().count("picture.opened") == 1


def test_a_damage_without_a_picture_says_why(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open()
    expect(desk.page.locator(".picture--none")).to_contain_text("sicher verdeckt")


def test_everything_a_machine_said_is_labelled(desk: Desk) -> None:
    desk.city.drive_by(*FOUR)
    desk.open()
    expect(desk.page.locator("#damage-list .ai-mark")).to_have_count(4)
    label = desk.page.locator(".ai-label")
    for words in ("Von KI erzeugt", "simuliert", "abababab", "noch nicht geprüft"):
        expect(label).to_contain_text(words)
    expect(desk.page.locator(".facts")).to_contain_text("hoch (0,91)")
    expect(desk.page.locator(".facts")).to_contain_text("0,42 ± 0,10 m²")
    expect(desk.page.locator(".facts")).to_contain_text("Dringlichkeit (KI)hoch")
    measured = desk.page.locator("#measured")
    expect(measured).to_contain_text("stadtwart class-area-track 1")
    expect(measured).to_contain_text("weder ZEB noch PCI")
    expect(measured).to_contain_text("16,8 × 9,2 m")


def test_an_auditor_reads_and_cannot_decide(desk: Desk) -> None:
    desk.city.drive_by(POTHOLE)
    desk.open(role="auditor")
    desk.press("c")
    expect(desk.toast).to_contain_text("liest nur")
    expect(desk.page.locator('[data-verdict="confirmed"]')).to_have_attribute(
        "aria-disabled", "true"
    )
    assert "verdict.given" not in desk.city.event_types()


def test_a_thousand_metres_of_cracks_stay_quick_to_walk_through(desk: Desk) -> None:
    row = [Seen(11.9615 + n * 0.00025, 51.4845, "D10", 0.5) for n in range(30)]
    desk.city.drive_by(*row, CROSS_CRACK)
    desk.open()
    for _ in range(31):
        desk.press("j")
    expect(desk.toast).to_contain_text("Ende der Liste")
    expect(desk.page.locator("#damage-list .row").last.locator("[aria-current]")).to_have_count(1)
