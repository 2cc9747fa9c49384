"""The auditor in the browser: guideline, failed check, card, evidence, log entry, proof."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page, expect

from api.web import vendor
from gis.postgis.audit.__main__ import main as audit
from gis.postgis.governance import demo
from tests.web.service import City
from tests.web.test_access import PROBE

ROOT = Path(__file__).parents[2]
PAGES = ("/governance", "/register", "/register/road-damage", "/models")


@pytest.fixture
def audited(city: City, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    """A town with approved models whose cards are silent about energy, everything in the log."""
    monkeypatch.setenv("STADTWART_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", database_url)
    demo.approve(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("ALTER TABLE model_card DISABLE TRIGGER append_only")
        connection.execute("UPDATE model_card SET body = body - 'energy'")
        connection.execute("ALTER TABLE model_card ENABLE TRIGGER append_only")
    demo.check(database_url)
    assert audit(["sequence", "--once"]) == 0
    return city


def verify(folder: Path, proof: Path, entry: Path, vkey: str) -> subprocess.CompletedProcess[str]:
    """Check the downloaded files with the auditor's one file, as at home."""
    policy = folder / "policy.txt"
    policy.write_text(f"log {vkey}\nquorum none\n", encoding="utf-8")
    program = [sys.executable, str(ROOT / "stadtwart_audit.py"), "verify-proof"]
    files = [str(proof), str(entry), "--policy", str(policy)]
    return subprocess.run([*program, *files], capture_output=True, text=True, check=False)


def test_an_auditor_gets_from_the_guideline_to_a_proof_that_holds_at_home(
    page: Page, audited: City, database_url: str, tmp_path: Path
) -> None:
    page.goto(f"{audited.url}/governance")
    expect(page.get_by_role("heading", level=1)).to_have_text("KI-Leitlinie")
    broken = page.locator("section.card", has=page.locator(".status--fail"))
    expect(broken).to_have_count(1)
    expect(broken).to_contain_text("Der Energiebedarf ist angegeben")
    broken.get_by_role("link", name="ansehen").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Modellkarte")
    expect(page.locator("#energy + p, #energy ~ p")).to_contain_text("nennt keinen Energiebedarf")
    approval = page.get_by_role("row", name="simulierte Freigabe")
    expect(approval).to_contain_text("Alice Beispiel (erfunden)")
    approval.get_by_role("link", name="Prüfeintrag").click()
    expect(page.locator(".lead")).to_contain_text("model.activated")
    expect(page.locator("main")).to_contain_text("im unterschriebenen Protokoll")
    with page.expect_download() as proof:
        page.get_by_role("link", name="Nachweis herunterladen").click()
    with page.expect_download() as entry:
        page.get_by_role("link", name="Eintrag herunterladen").click()
    kept = [tmp_path / "proof", tmp_path / "entry"]
    proof.value.save_as(kept[0])
    entry.value.save_as(kept[1])
    with psycopg.connect(database_url) as connection:
        row = connection.execute("SELECT vkey FROM audit_log").fetchone()
    assert row is not None
    found = verify(tmp_path, kept[0], kept[1], row[0])
    assert found.returncode == 0, found.stdout + found.stderr
    kept[1].write_bytes(kept[1].read_bytes().replace(b'"simulated":true', b'"simulated":false'))
    assert verify(tmp_path, kept[0], kept[1], row[0]).returncode == 1


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_pages_have_names_headings_and_contrast_in_both_languages(
    page: Page, audited: City, language: str
) -> None:
    assert vendor.is_complete()
    page.goto(f"{audited.url}/models?lang={language}")
    card = page.locator("section.card h2 a").first.get_attribute("href") or ""
    for path in (*PAGES, card.split("?")[0]):
        page.goto(f"{audited.url}{path}?lang={language}")
        found: dict[str, list[str]] = page.evaluate(PROBE)
        assert {name: items for name, items in found.items() if items} == {}, path
        assert page.locator("html").get_attribute("lang") == language
        assert page.locator("h1").count() == 1
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    limits = page.locator("section[aria-labelledby=limits] li")
    assert {one.get_attribute("lang") for one in limits.all()} == {language}, "the card's limits"


def test_a_panel_member_takes_an_approval_back_and_gives_it_again_in_the_browser(
    page: Page, audited: City
) -> None:
    page.goto(audited.login_link("panel"))
    expect(page.locator("#role")).not_to_be_empty()
    page.goto(f"{audited.url}/models?lang=de")
    page.locator("section.card h2 a").first.click()
    page.get_by_label("Warum die Freigabe endet").fill("Übung")
    page.get_by_role("button", name="Freigabe zurücknehmen").click()
    expect(page.get_by_role("row", name="zurückgenommen: Übung")).to_be_visible()
    expect(page.locator("h1 + p .status")).to_contain_text("nicht freigegeben")
    page.get_by_role("button", name="gebe das Modell frei").click()
    expect(page.locator("h1 + p .status")).to_contain_text("✓ freigegeben")
    page.goto(f"{audited.url}/register/chatbot?lang=de")
    expect(page.locator("main")).to_contain_text("Kann noch nicht veröffentlicht werden")
