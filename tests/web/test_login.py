"""From the city's login service to a verdict, in a real browser, with a real provider behind it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gis.postgis.load_city import load_city
from tests.api.identity_provider import PASSWORD, IdentityProvider, identity_provider
from tests.flows.processes import free_port
from tests.messages import batch, moved
from tests.serving import CityServer, serving
from tests.small_city import write_small_city


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory, port: int) -> Iterator[IdentityProvider]:
    back = f"http://127.0.0.1:{port}/api/v1/oidc/callback"
    with identity_provider(tmp_path_factory.mktemp("provider"), back) as running:
        yield running


@pytest.fixture
def real_city(
    database_url: str, provider: IdentityProvider, port: int, tmp_path: Path
) -> Iterator[CityServer]:
    """A city that is not simulated, with two potholes and every verdict drawn for a second look."""
    load_city(database_url, write_small_city(tmp_path / "city"))
    public = f"http://127.0.0.1:{port}"
    with serving(database_url, port=port, public_url=public, **provider.settings) as server:
        server.rows("UPDATE city SET simulated = false RETURNING 1")
        server.rows(
            "INSERT INTO review_rule (share, seed) VALUES (1, 'sixteen letters!') RETURNING 1"
        )
        server.send(batch(moved(20), moved(80)))
        server.wait_for_merge()
        yield server


def log_in(page: Page, city: CityServer, account: str) -> None:
    """Go through the provider's own pages as a person does."""
    page.goto(city.url)
    page.get_by_role("link", name="Mit dem Konto der Stadt anmelden").click()
    page.locator("input[name=login]").fill(account)
    page.locator("input[name=login]").press("Enter")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("input[name=password]").press("Enter")
    expect(page.locator("#damage-list")).to_have_attribute("aria-busy", "false")


def test_a_person_logs_in_decides_and_a_colleague_looks_again(
    page: Page, real_city: CityServer
) -> None:
    page.goto(real_city.url)
    expect(page.locator("#sign-in-form")).to_be_hidden()
    log_in(page, real_city, "kim")
    expect(page.locator("#role")).to_have_text("Kim Beispiel, Straßenunterhaltung")
    expect(page.locator(".row")).to_have_count(2)
    page.keyboard.press("b")
    expect(page.locator(".badge--confirmed").first).to_be_visible()
    expect(page.locator("#damage-list .badge--review")).to_have_count(0)
    page.get_by_role("button", name="Abmelden").click()
    page.wait_for_url("**/oauth/end_session**")

    page.context.clear_cookies()
    log_in(page, real_city, "ada")
    first = page.locator("#damage-list .row").first
    expect(first.locator(".badge--review")).to_have_text("Zweitprüfung")
    expect(page.locator(".review-note")).to_be_visible()
    expect(page.locator(".history")).to_have_count(0)
    expect(page.locator(".detail .ai-label")).to_contain_text("noch nicht geprüft")
    page.keyboard.press("b")
    expect(page.locator("#toast")).to_contain_text("stimmen überein")
    expect(page.locator("#damage-list .badge--review")).to_have_count(0)
    answers = real_city.rows("SELECT agrees, decided_by <> '' FROM review_answer")
    assert answers == [(True, True)]
    decided = real_city.rows("SELECT DISTINCT length(decided_by) FROM verdict")
    assert decided == [(64,)], "a reference, no name"


def test_an_old_login_is_renewed_before_an_order(page: Page, real_city: CityServer) -> None:
    log_in(page, real_city, "kim")
    page.get_by_label("Nach der Entscheidung den nächsten öffnen").uncheck()
    page.keyboard.press("b")
    expect(page.locator(".detail__head .badge")).to_have_text("bestätigt")
    real_city.rows(
        "UPDATE person_session SET authenticated_at = now() - interval '1 hour' RETURNING 1"
    )
    page.keyboard.press("o")
    page.locator("#order-name").fill("Schlaglöcher")
    page.locator("#order-team").fill("Bauhof")
    page.get_by_role("button", name="Auftrag anlegen").last.click()
    expect(page.locator("#order-error")).to_contain_text("Anmeldung")
    page.keyboard.press("Escape")
    again = page.locator("#login-again a")
    expect(again).to_be_visible()
    with page.context.expect_page() as opened:
        again.click()
    window = opened.value
    window.locator("input[name=password]").fill(PASSWORD)
    window.locator("input[name=password]").press("Enter")
    expect(window.get_by_role("heading", name="Neu angemeldet")).to_be_visible()
    window.close()
    page.keyboard.press("o")
    page.locator("#order-name").fill("Schlaglöcher")
    page.locator("#order-team").fill("Bauhof")
    page.get_by_role("button", name="Auftrag anlegen").last.click()
    expect(page.locator(".detail__head .badge")).to_have_text("beauftragt")
